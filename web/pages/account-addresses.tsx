/** The addresses of an account: the list of them, and the form that adds or changes one. Works without JavaScript. */
import type { FieldError } from "../../src/contracts/problem.ts";
import { MAX_ADDRESSES, type Address } from "../../src/contracts/profile.ts";
import { postalAddressLines } from "../../src/domain/postal-address-lines.ts";
import { AccountFrame } from "../components/account-frame.tsx";
import { COUNTRIES_KNOWN } from "../../src/domain/countries.ts";
import { AddressFields } from "../components/address-fields.tsx";
import { FieldProblems } from "../components/checkout-notice.tsx";
import { EMPTY_CHECKOUT, fieldMessages, type CheckoutValues } from "../components/checkout-values.ts";
import { ProfileNotice, type ProfileMessage } from "../components/profile-notice.tsx";
import type { SiteContext } from "../site.ts";

/** What is typed into an address's form. */
export type AddressValues = Omit<CheckoutValues, "email" | "shippingMethod"> & {
  readonly isDefault: boolean;
};

export interface AddressesPageProps {
  readonly site: SiteContext;
  /** The default first. */
  readonly addresses: readonly Address[];
  readonly message: ProfileMessage | null;
}

export function AddressesPage({ site, addresses, message }: AddressesPageProps) {
  return (
    <AccountFrame
      site={site}
      section="addresses"
      title="Addresses"
      lead="The default one is filled in when you check out."
      notice={message !== null && <ProfileNotice message={message} />}
    >
      {addresses.length > 0 && (
        <ul class="cards cards-pair">
          {addresses.map((address) => (
            <AddressCard address={address} />
          ))}
        </ul>
      )}
      {addresses.length < MAX_ADDRESSES ? (
        <p>
          <a class="button" href="/account/addresses/new">
            Add an address
          </a>
        </p>
      ) : (
        <p class="fine">An account keeps at most {MAX_ADDRESSES} addresses.</p>
      )}
    </AccountFrame>
  );
}

function AddressCard({ address }: { readonly address: Address }) {
  const { id, name, line1, isDefault } = address;
  const path = `/account/addresses/${encodeURIComponent(id)}`;
  const which = <span class="visually-hidden">: {line1}</span>;
  return (
    <li class="panel">
      <address class="postal">
        {postalAddressLines(address).map((line) =>
          line === name ? <strong>{line}</strong> : <span>{line}</span>,
        )}
      </address>
      {isDefault && <p class="mark-word">Default</p>}
      <div class="panel-actions">
        <a class="button button-small" data-look="quiet" href={path}>
          Change{which}
        </a>
        {!isDefault && (
          <form method="post" action={`${path}/default`}>
            <button class="link-button" type="submit">
              Make it the default{which}
            </button>
          </form>
        )}
        <form method="post" action={`${path}/remove`}>
          <button class="link-button" type="submit">
            Remove{which}
          </button>
        </form>
      </div>
    </li>
  );
}

export interface AddressPageProps {
  readonly site: SiteContext;
  /** Null: a new one. */
  readonly id: string | null;
  readonly values: AddressValues;
  readonly errors: readonly FieldError[];
}

export function AddressPage({ site, id, values, errors }: AddressPageProps) {
  const typed: CheckoutValues = { ...EMPTY_CHECKOUT, ...values };
  const messages = fieldMessages(errors, typed);
  return (
    <AccountFrame
      site={site}
      section="addresses"
      title={id === null ? "A new address" : "Change the address"}
    >
      <FieldProblems fields={[...messages.keys()]} country={values.country} />
      <form
        class="form"
        method="post"
        action={id === null ? "/account/addresses" : `/account/addresses/${encodeURIComponent(id)}`}
        data-submit-once="Saving…"
      >
        <AddressFields
          values={typed}
          countries={COUNTRIES_KNOWN}
          error={(name) => messages.get(name) ?? null}
        />
        <label class="check">
          <input type="checkbox" name="isDefault" value="yes" checked={values.isDefault} />
          Use it as the default
        </label>
        <div class="panel-actions">
          <button class="button" type="submit" data-submit-button>
            Save
          </button>
          <a class="button" data-look="quiet" href="/account/addresses">
            Cancel
          </a>
        </div>
      </form>
    </AccountFrame>
  );
}
