/**
 * Checkout on one page: e-mail, address, shipping method, summary. Personal, never cached. Works without JavaScript.
 *
 * Props: `CheckoutPageProps`. `POST /checkout` with the names of `CheckoutValues` and `HIDDEN_FIELDS` (components/checkout-values.ts).
 * The total that the shopper expects is `expectedSubtotal` + the shipping amount of the chosen method: the choice is made in this form,
 * so the form cannot know it beforehand. Success answers 303 to `/orders/{id}/pay`; a refusal renders this page again with `values` kept.
 */
import type { CartView } from "../../src/contracts/catalog.ts";
import type { FieldError } from "../../src/contracts/problem.ts";
import {
  SHIPPING_AMOUNT_MINOR,
  SHIPPING_METHODS,
  totalsOf,
  type ShippingMethod,
} from "../../src/domain/pricing.ts";
import { CheckoutNotice, type CheckoutRefusal } from "../components/checkout-notice.tsx";
import {
  FIELD_LABELS,
  fieldMessages,
  HIDDEN_FIELDS,
  type CheckoutValues,
} from "../components/checkout-values.ts";
import { shippingCountries } from "../components/countries.ts";
import { Field } from "../components/field.tsx";
import { LockIcon } from "../components/icons.tsx";
import { MoneyText } from "../components/money.tsx";
import { TotalsList } from "../components/totals-list.tsx";
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
  readonly idempotencyKey: string;
  /** How long items will be held, in seconds. */
  readonly holdSeconds: number;
}

const SHIPPING_WORDS: Readonly<Record<ShippingMethod, { title: string; detail: string }>> = {
  standard: { title: "Standard", detail: "3 to 5 working days" },
  express: { title: "Express", detail: "Next working day" },
};

export function CheckoutPage(props: CheckoutPageProps) {
  const { site, cart, values, idempotencyKey } = props;
  const messages = fieldMessages(props.errors);
  const refusal: CheckoutRefusal | null =
    props.refusal ?? (messages.size > 0 ? { kind: "fields", fields: [...messages.keys()] } : null);
  const error = (name: keyof CheckoutValues) => messages.get(name) ?? null;
  return (
    <Document site={site} title="Checkout" script="checkout" quietHeader>
      <div class="wrap section page-top">
        <h1>Checkout</h1>
        {refusal !== null && <CheckoutNotice refusal={refusal} cart={cart} />}
        <form class="split" method="post" action="/checkout" data-submit-once="Reserving your items…">
          <input type="hidden" name={HIDDEN_FIELDS.idempotencyKey} value={idempotencyKey} />
          <input type="hidden" name={HIDDEN_FIELDS.expectedSubtotal} value={String(cart.subtotal.amount)} />
          <div class="form">
            <fieldset class="fieldset">
              <legend>Contact</legend>
              <Field
                name="email"
                label={FIELD_LABELS.email}
                type="email"
                inputmode="email"
                autocomplete="email"
                autocapitalize="none"
                maxlength={254}
                value={values.email}
                error={error("email")}
                hint="The confirmation goes here."
              />
            </fieldset>
            <AddressFields values={values} error={error} />
            <fieldset class="fieldset">
              <legend>Shipping</legend>
              <ShippingMethods chosen={values.shippingMethod} currency={cart.subtotal.currency} />
            </fieldset>
          </div>
          <CheckoutSummary cart={cart} holdSeconds={props.holdSeconds} />
        </form>
      </div>
    </Document>
  );
}

interface AddressFieldsProps {
  readonly values: CheckoutValues;
  readonly error: (name: keyof CheckoutValues) => string | null;
}

function AddressFields({ values, error }: AddressFieldsProps) {
  const field = (name: keyof CheckoutValues) => ({
    name,
    label: FIELD_LABELS[name],
    value: values[name],
    error: error(name),
  });
  const countryError = error("country");
  return (
    <fieldset class="fieldset">
      <legend>Delivery address</legend>
      <Field {...field("name")} autocomplete="shipping name" autocapitalize="words" maxlength={200} />
      <Field {...field("line1")} autocomplete="shipping address-line1" maxlength={200} />
      <Field {...field("line2")} autocomplete="shipping address-line2" maxlength={200} required={false} />
      <Field {...field("postalCode")} autocomplete="shipping postal-code" maxlength={20} width="third" />
      <Field {...field("city")} autocomplete="shipping address-level2" maxlength={100} width="two-thirds" />
      <Field
        {...field("region")}
        autocomplete="shipping address-level1"
        maxlength={100}
        required={false}
        width="half"
      />
      <div class="field" data-width="half" data-invalid={countryError === null ? undefined : ""}>
        <label class="field-label" for="field-country">
          {FIELD_LABELS.country}
        </label>
        <select
          class="select"
          id="field-country"
          name="country"
          autocomplete="shipping country"
          required
          aria-invalid={countryError === null ? undefined : "true"}
          aria-describedby={countryError === null ? undefined : "field-country-error"}
        >
          {shippingCountries().map(({ code, name }) => (
            <option value={code} selected={code === values.country}>
              {name}
            </option>
          ))}
        </select>
        {countryError !== null && (
          <p class="field-error" id="field-country-error">
            {countryError}
          </p>
        )}
      </div>
    </fieldset>
  );
}

function ShippingMethods({
  chosen,
  currency,
}: {
  readonly chosen: ShippingMethod;
  readonly currency: string;
}) {
  return (
    <div class="radios">
      {SHIPPING_METHODS.map((method) => (
        <label class="radio">
          <input
            type="radio"
            name="shippingMethod"
            value={method}
            id={`shipping-${method}`}
            checked={method === chosen}
          />
          <span class="radio-text">
            <span class="radio-title">{SHIPPING_WORDS[method].title}</span>
            <span class="radio-detail">{SHIPPING_WORDS[method].detail}</span>
          </span>
          <span class="radio-price">
            {SHIPPING_AMOUNT_MINOR[method] === 0 ? (
              "Free"
            ) : (
              <MoneyText amount={SHIPPING_AMOUNT_MINOR[method]} currency={currency} />
            )}
          </span>
        </label>
      ))}
    </div>
  );
}

function CheckoutSummary({ cart, holdSeconds }: { readonly cart: CartView; readonly holdSeconds: number }) {
  const { currency } = cart.subtotal;
  const priced = cart.lines.map((line) => ({
    quantity: line.quantity,
    unitAmountMinor: line.unitPrice.amount,
  }));
  return (
    <aside class="panel split-side" aria-labelledby="checkout-summary">
      <div class="panel-head">
        <h2 id="checkout-summary" class="panel-title">
          Your order
        </h2>
        <a class="text-link" href="/cart">
          Change
        </a>
      </div>
      <ul class="summary-lines">
        {cart.lines.map((line) => (
          <li class="summary-line">
            <span class="summary-name">
              {line.name}
              <span class="summary-quantity">Quantity {line.quantity}</span>
            </span>
            <MoneyText amount={line.unitPrice.amount * line.quantity} currency={currency} />
          </li>
        ))}
      </ul>
      {/* One list per method; the style sheet shows the chosen one, so the sum is right without JavaScript. */}
      {SHIPPING_METHODS.map((method) => (
        <div class="totals-for" data-totals-for={method}>
          <TotalsList totals={totalsOf(priced, method, currency)} />
        </div>
      ))}
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
