/**
 * Checkout on one page: e-mail, address, shipping method, summary. Personal, never cached. Works without JavaScript; with it,
 * fields are checked as they are left and what was typed survives a reload.
 *
 * Props: `CheckoutPageProps`. `POST /checkout` with the names of `CheckoutValues` and `AGREED_FIELD` (components/checkout-values.ts).
 * The total that the shopper expects is that of the agreed items + the shipping amount of the chosen method: the choice is made in this
 * form, so the form cannot know it beforehand. Success answers 303 to `/orders/{id}/pay`; a refusal renders this page again with `values` kept.
 */
import type { CartView } from "../../src/contracts/catalog.ts";
import type { FieldError } from "../../src/contracts/problem.ts";
import { SHIPPING_METHODS, totalsOf, type ShippingMethod, type Totals } from "../../src/domain/pricing.ts";
import { AddressFields } from "../components/address-fields.tsx";
import { CartSummaryLines } from "../components/cart-summary-lines.tsx";
import { CheckoutNotice, FieldProblems, type CheckoutRefusal } from "../components/checkout-notice.tsx";
import {
  AGREED_FIELD,
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
  const { site, cart, values, refusal, agreed } = props;
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
          data-answered={props.answered ? "" : undefined}
          data-submit-once="Reserving your items…"
        >
          {/* Browsers put back into a reloaded form what was in it: this belongs to what the page shows. */}
          <input type="hidden" name={AGREED_FIELD} value={agreed} autocomplete="off" />
          <CheckoutItems cart={cart} />
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
            <AddressFields values={values} error={error} />
            <fieldset class="fieldset">
              <legend>Shipping</legend>
              <ShippingChoice
                chosen={values.shippingMethod}
                currency={cart.subtotal.currency}
                now={props.now}
              />
            </fieldset>
          </div>
          <CheckoutTotals
            cart={cart}
            holdSeconds={props.holdSeconds}
            personCheck={props.personCheck ?? null}
          />
        </form>
      </div>
    </Document>
  );
}

/** The items: folded away on a phone behind their number and the total, open beside the form where there is room. */
function CheckoutItems({ cart }: { readonly cart: CartView }) {
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
          {SHIPPING_METHODS.map((method) => (
            <span class="totals-for fold-total" data-totals-for={method}>
              <MoneyText amount={totalsOfCart(cart, method).total} currency={cart.subtotal.currency} />
            </span>
          ))}
        </summary>
        <CartSummaryLines lines={cart.lines} />
      </details>
    </section>
  );
}

function CheckoutTotals({
  cart,
  holdSeconds,
  personCheck,
}: {
  readonly cart: CartView;
  readonly holdSeconds: number;
  readonly personCheck: PersonCheckView | null;
}) {
  return (
    <aside class="panel split-side checkout-totals" aria-label="Total">
      {/* One list per method; the style sheet shows the chosen one, so the sum is right without JavaScript. */}
      {SHIPPING_METHODS.map((method) => (
        <div class="totals-for" data-totals-for={method}>
          <TotalsList totals={totalsOfCart(cart, method)} />
        </div>
      ))}
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

function totalsOfCart(cart: CartView, method: ShippingMethod): Totals {
  const priced = cart.lines.map((line) => ({
    quantity: line.quantity,
    unitAmountMinor: line.unitPrice.amount,
  }));
  return totalsOf(priced, method, cart.subtotal.currency);
}
