/**
 * Checkout on one page: e-mail, address, shipping method, summary. Personal, never cached. Works without JavaScript; with it,
 * fields are checked as they are left and what was typed survives a reload.
 *
 * Props: `CheckoutPageProps`. `POST /checkout` with the names of `CheckoutValues`, `AGREED_FIELD` and `TOTALS_FIELD`
 * (components/checkout-values.ts). The totals shown are those for the country and region in the form; browser code asks for the page
 * again (`GET /checkout?country=&region=`) when these change, and takes over the parts marked `data-part`. Success answers 303 to `/orders/{id}/pay`; a refusal renders this page again with `values` kept.
 */
import type { CartView } from "../../src/contracts/catalog.ts";
import type { FieldError } from "../../src/contracts/problem.ts";
import { writeTotals } from "../../src/domain/agreement.ts";
import type { Quotes } from "../../src/domain/rates.ts";
import { AddressFields } from "../components/address-fields.tsx";
import { CartSummaryLines } from "../components/cart-summary-lines.tsx";
import { CheckoutNotice, FieldProblems, type CheckoutRefusal } from "../components/checkout-notice.tsx";
import {
  AGREED_FIELD,
  TOTALS_FIELD,
  fieldLabel,
  fieldMessages,
  type CheckoutValues,
} from "../components/checkout-values.ts";
import { Field } from "../components/field.tsx";
import { LockIcon } from "../components/icons.tsx";
import { MoneyText } from "../components/money.tsx";
import { PersonCheck, type PersonCheckView } from "../components/person-check.tsx";
import { ShippingChoice } from "../components/shipping-choice.tsx";
import { TotalsList } from "../components/totals-list.tsx";
import { FIELD_RULES, type TypedField } from "../checkout-rules.ts";
import { spokenRemaining } from "../countdown.ts";
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";

export interface CheckoutPageProps {
  readonly site: SiteContext;
  /** With at least one line; an empty cart redirects to `/cart`. */
  readonly cart: CartView;
  readonly values: CheckoutValues;
  readonly errors: readonly FieldError[];
  readonly refusal: CheckoutRefusal | null;
  /** The values come from a form that was sent: they are newer than what the browser saved. */
  readonly answered: boolean;
  /** What the shopper agrees to by sending the form, as `writeAgreement` writes it. */
  readonly agreed: string;
  /** What the items cost with each shipping method, delivered to the address in `values`. */
  readonly quotes: Quotes;
  /** The totals the shopper agrees to where they are not those of `quotes`: an answer that does not speak of them. */
  readonly agreedTotals?: string;
  /** Where the store ships to, ISO 3166-1 alpha-2. */
  readonly countries: readonly string[];
  /** Nobody is signed in: whoever has an account may do so, and come back. */
  readonly offersSignIn?: boolean;
  /** During a drop: how a shopper proves to be a person. */
  readonly personCheck?: PersonCheckView | null;
  /** How long items will be held, in seconds. */
  readonly holdSeconds: number;
  /** Epoch ms, for when it arrives. */
  readonly now: number;
}

export function CheckoutPage(props: CheckoutPageProps) {
  const { site, cart, values, refusal, agreed, quotes } = props;
  const shownTotals = quotes.quotes.map(({ method, totals }) => ({
    method: method.code,
    total: totals.total,
  }));
  const messages = fieldMessages(props.errors, values);
  const error = (name: TypedField) => messages.get(name) ?? null;
  return (
    <Document site={site} title="Checkout" script="checkout" quietHeader>
      <div class="wrap section page-top">
        <h1>Checkout</h1>
        {refusal !== null && (
          <CheckoutNotice refusal={refusal} cart={cart} secondsLeft={props.personCheck?.secondsLeft ?? 0} />
        )}
        <FieldProblems fields={[...messages.keys()]} country={values.country} />
        <form
          class="split checkout"
          method="post"
          action="/checkout"
          data-checkout
          data-totals-for={`${values.country} ${values.region}`}
          data-answered={props.answered ? "" : undefined}
          data-submit-once="Reserving your items…"
        >
          {/* Browsers put back into a reloaded form what was in it: this belongs to what the page shows. */}
          <input type="hidden" name={AGREED_FIELD} value={agreed} autocomplete="off" />
          <input
            type="hidden"
            name={TOTALS_FIELD}
            value={props.agreedTotals ?? writeTotals(shownTotals)}
            autocomplete="off"
            data-part="agreed-totals"
          />
          <CheckoutItems cart={cart} quotes={quotes} />
          <div class="form checkout-fields">
            <fieldset class="fieldset">
              <legend>Contact</legend>
              <Field
                name="email"
                label={fieldLabel("email", values.country)}
                type="email"
                inputmode="email"
                autocomplete="email"
                autocapitalize="none"
                maxlength={FIELD_RULES.email.max}
                value={values.email}
                error={error("email")}
                hint="The confirmation goes here."
              />
              {props.offersSignIn === true && (
                <p class="fine">
                  You have an account? <a href="/account/sign-in?next=/checkout">Sign in</a>, and your address
                  is filled in.
                </p>
              )}
            </fieldset>
            <AddressFields values={values} countries={props.countries} error={error} />
            <fieldset class="fieldset">
              <legend>Shipping</legend>
              <ShippingChoice quotes={quotes.quotes} chosen={values.shippingMethod} now={props.now} />
            </fieldset>
          </div>
          <CheckoutTotals
            quotes={quotes}
            holdSeconds={props.holdSeconds}
            personCheck={props.personCheck ?? null}
          />
        </form>
      </div>
    </Document>
  );
}

/** The items: folded away on a phone behind their number and the total, open beside the form where there is room. */
function CheckoutItems({ cart, quotes: { quotes } }: Pick<CheckoutPageProps, "cart" | "quotes">) {
  const units = cart.lines.reduce((sum, line) => sum + line.quantity, 0);
  return (
    <section class="panel checkout-items" aria-labelledby="checkout-items">
      <div class="panel-head">
        <h2 id="checkout-items" class="panel-title">
          Your order
        </h2>
        <a class="text-link" href="/cart">
          Change<span class="visually-hidden"> your order</span>
        </a>
      </div>
      <details class="fold">
        <summary class="fold-head">
          <span class="fold-label">
            {units} {units === 1 ? "item" : "items"}
          </span>
          <span class="fold-totals" data-part="items-total">
            {quotes.map(({ totals: { total, currency } }, index) => (
              <span class="totals-for fold-total" data-totals-for={String(index + 1)}>
                <MoneyText amount={total} currency={currency} />
              </span>
            ))}
          </span>
        </summary>
        <CartSummaryLines lines={cart.lines} />
      </details>
    </section>
  );
}

function CheckoutTotals({
  quotes,
  holdSeconds,
  personCheck,
}: {
  readonly quotes: Quotes;
  readonly holdSeconds: number;
  readonly personCheck: PersonCheckView | null;
}) {
  return (
    <aside class="panel split-side checkout-totals" aria-label="Total">
      {/* One list per method; the style sheet shows the chosen one, so the sum is right without JavaScript. */}
      <div data-part="totals" aria-live="polite">
        {quotes.quotes.map(({ method, totals }, index) => (
          <div class="totals-for" data-totals-for={String(index + 1)}>
            <TotalsList totals={totals} shippingName={method.name} isEstimate={quotes.isTaxOpen} />
          </div>
        ))}
        {quotes.isTaxOpen && (
          <p class="fine">Sales tax depends on your state. You see the final total before you pay.</p>
        )}
      </div>
      <PersonCheck check={personCheck} />
      <button class="button button-wide" type="submit" data-submit-button>
        Reserve and pay
      </button>
      <p class="fine fine-icon">
        <LockIcon />
        Your items are then held for {spokenRemaining(holdSeconds * 1000)} while you pay. You pay on the next
        page.
      </p>
    </aside>
  );
}
