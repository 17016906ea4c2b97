/** The design page's shelf of components, each in its states: the very ones that the pages are made of. */
import type { OrderView } from "../../src/contracts/orders.ts";
import { AVAILABILITY_STATUSES } from "../../src/domain/availability.ts";
import { Field, SelectField } from "./field.tsx";
import { CountdownClock } from "./countdown-clock.tsx";
import { HoldClock } from "./hold-clock.tsx";
import * as icons from "./icons.tsx";
import { Notice } from "./notice.tsx";
import { OrderTimeline } from "./order-timeline.tsx";
import { QuantitySelect } from "./quantity-select.tsx";
import { Question } from "./question.tsx";
import { StockLabel } from "./stock-label.tsx";
import { SwatchDot } from "./swatch-dot.tsx";
import { TotalsList } from "./totals-list.tsx";

const SAMPLE_HOLD_MS = 24 * 60_000;
const SAMPLE_DROP_MS = 53 * 60 * 60_000;
const STEP_MS = 60_000;

export function Buttons() {
  return (
    <div class="specimen-row">
      <button class="button" type="button">
        Add to cart
      </button>
      <button class="button" data-look="quiet" type="button">
        View cart
      </button>
      <button class="button" data-look="danger" type="button">
        Cancel this order
      </button>
      <button class="button" type="button" disabled>
        Sold out
      </button>
      <button class="button button-small" type="button">
        Apply
      </button>
      <button class="link-button" type="button">
        Remove
      </button>
      <a class="text-link" href="#buttons">
        See all
      </a>
    </div>
  );
}

export function Fields() {
  const common = { autocomplete: "off", maxlength: 100, error: null };
  return (
    <form class="form">
      <div class="fieldset">
        <Field {...common} name="design-name" label="Full name" value="Ada Lovelace" width="half" />
        <Field {...common} name="design-empty" label="Apartment" value="" required={false} width="half" />
        <Field {...common} name="design-hint" label="E-mail" value="" hint="Your confirmation goes here." />
        <Field
          {...common}
          name="design-error"
          label="Postal code"
          value="6270"
          error="A ZIP code has five digits."
          width="half"
        />
        <SelectField
          name="design-select"
          label="Country"
          selected="US"
          error={null}
          autocomplete="off"
          width="half"
          options={[
            { value: "US", label: "United States" },
            { value: "CA", label: "Canada" },
          ]}
        />
        <div class="field" data-width="half">
          <label class="field-label" for="design-quantity">
            Quantity
          </label>
          <QuantitySelect id="design-quantity" selected={1} limit={3} />
        </div>
      </div>
    </form>
  );
}

export function Notices() {
  return (
    <>
      <Notice tone="info" title="For your information">
        <p>Something worth knowing that asks for nothing.</p>
      </Notice>
      <Notice tone="success" title="That worked">
        <p>What was done, in a few words.</p>
      </Notice>
      <Notice tone="warning" title="Look at this before you go on">
        <p>What has changed, and what may be done about it.</p>
      </Notice>
      <Notice tone="error" title="That did not work">
        <p>Why, and the way on. Nothing was charged.</p>
      </Notice>
    </>
  );
}

export function StockLabels() {
  return (
    <div class="specimen-row">
      {AVAILABILITY_STATUSES.map((status) => (
        <StockLabel status={status} available={status === "low_stock" ? 3 : null} />
      ))}
      {["#0f6b52", "#d9c8a9", "#2b2f36"].map((color) => (
        <SwatchDot color={color} />
      ))}
      <span class="spinner" aria-hidden="true"></span>
    </div>
  );
}

export function Chips() {
  return (
    <div class="specimen-row">
      <a class="chip" href="#chips" aria-current="true">
        All
      </a>
      <a class="chip" href="#chips">
        Phones
      </a>
      <a class="chip" href="#chips">
        Accessories
      </a>
    </div>
  );
}

/** @param now epoch ms */
export function Clocks({ now }: { readonly now: number }) {
  return (
    <div class="specimens">
      <CountdownClock until={new Date(now + SAMPLE_DROP_MS).toISOString()} now={now} />
      <HoldClock
        until={new Date(now + SAMPLE_HOLD_MS).toISOString()}
        serverTime={new Date(now).toISOString()}
      />
    </div>
  );
}

/** @param now epoch ms */
export function OrderParts({ now }: { readonly now: number }) {
  const steps = ["reserved", "authorised", "paid"] as const;
  const totals = { subtotal: 119_900, shipping: 1_900, tax: 0, total: 121_800, currency: "USD", taxes: [] };
  const order: OrderView = {
    orderId: "a0123456789abcdefghjkmnpqrs12345678",
    status: "paid",
    version: 3,
    holdExpiresAt: new Date(now).toISOString(),
    serverTime: new Date(now).toISOString(),
    lines: [],
    totals,
    shippingMethod: "express",
    shippingName: "Express",
    transit: { leastDays: 1, mostDays: 2 },
    timeline: steps.map((status, index) => ({ status, at: new Date(now + index * STEP_MS).toISOString() })),
  };
  return (
    <div class="specimen-pair">
      <OrderTimeline order={order} />
      <div class="panel">
        <TotalsList totals={totals} />
      </div>
    </div>
  );
}

export function Questions() {
  return (
    <div class="prose">
      <Question id="design-answer" question="What unfolds?">
        <p>An answer, without any script.</p>
      </Question>
      <Question id="design-second-answer" question="And below it?">
        <p>The next one.</p>
      </Question>
    </div>
  );
}

export function Icons() {
  const drawn = Object.entries(icons).filter(([name]) => name.endsWith("Icon"));
  return (
    <ul class="token-icons">
      {drawn.map(([name, Icon]) => (
        <li>
          <Icon />
          <span class="fine">{name.replace(/Icon$/, "").toLowerCase()}</span>
        </li>
      ))}
    </ul>
  );
}
