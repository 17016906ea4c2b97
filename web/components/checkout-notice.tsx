/** Why a checkout was refused and what the shopper can do about it. */
import type { CartView } from "../../src/contracts/catalog.ts";
import type { RefusedLine } from "../../src/contracts/problem.ts";
import { fieldId, fieldLabel, type CheckoutField } from "./checkout-values.ts";
import { MoneyText } from "./money.tsx";
import { Notice } from "./notice.tsx";
import { PersonCheckNotice } from "./person-check.tsx";
import { TimeText } from "./time-text.tsx";

/** `orderId`: the shopper's own open order that stands in the way. Amounts in minor units of the cart's currency. */
export type CheckoutRefusal =
  /** These are not the items that the form was about: another tab changed the cart. */
  | { readonly kind: "cart_changed" }
  | { readonly kind: "price_changed"; readonly formerTotal: number; readonly currentTotal: number }
  /** For this address and method the order costs something else than the page showed. */
  | { readonly kind: "totals_changed"; readonly formerTotal: number | null; readonly currentTotal: number }
  | {
      readonly kind: "sold_out" | "purchase_limit";
      readonly lines: readonly RefusedLine[];
      readonly orderId?: string;
      /** Of a limit: an order of the shopper's is just being placed, and may not come about. */
      readonly retryAfterSeconds?: number;
    }
  /** The same cart was ordered with other details, e.g. another address, and that order still holds its items. */
  | { readonly kind: "open_order"; readonly orderId: string }
  | { readonly kind: "not_on_sale"; readonly opensAt: string | null }
  | { readonly kind: "busy"; readonly retryAfterSeconds: number }
  | { readonly kind: "unavailable" }
  /** The order's total is less or more than can be charged at once; `message` says which, to go after "The total". */
  | { readonly kind: "not_chargeable"; readonly message: string }
  /** The units were held and lost again before the order was there. */
  | { readonly kind: "hold_lost" }
  /** During a drop: the shopper was taken for a program. */
  | { readonly kind: "unproven" }
  /** So many orders of this cart ended unpaid that only a changed cart is taken. */
  | { readonly kind: "cart_used_up" };

export function CheckoutNotice({
  refusal,
  cart,
  secondsLeft,
}: {
  readonly refusal: CheckoutRefusal;
  readonly cart: CartView;
  /** Of the wait that stands in for a challenge. */
  readonly secondsLeft: number;
}) {
  switch (refusal.kind) {
    case "cart_changed":
      return (
        <Notice tone="warning" title="Your cart has changed" focus>
          <p>
            Nothing has been reserved. Check the items below, then place the order again, or{" "}
            <a href="/cart">edit your cart</a>.
          </p>
        </Notice>
      );
    case "price_changed":
      if (refusal.formerTotal === refusal.currentTotal)
        return (
          <Notice tone="warning" title="Prices have changed" focus>
            <p>
              The total is the same, but some items cost more and others less. Nothing has been reserved.
              Place the order again to accept the new prices.
            </p>
          </Notice>
        );
      return (
        <Notice tone="warning" title="The price has changed" focus>
          <p>
            It was <MoneyText amount={refusal.formerTotal} currency={cart.subtotal.currency} /> and is now{" "}
            <strong>
              <MoneyText amount={refusal.currentTotal} currency={cart.subtotal.currency} />
            </strong>
            . Nothing has been reserved. Place the order again to accept the new price.
          </p>
        </Notice>
      );
    case "totals_changed":
      return (
        <Notice tone="warning" title="Shipping and taxes for your address" focus>
          <p>
            {refusal.formerTotal !== null && (
              <>
                The total was <MoneyText amount={refusal.formerTotal} currency={cart.subtotal.currency} />
                .{" "}
              </>
            )}
            With shipping and taxes for this address it is{" "}
            <strong>
              <MoneyText amount={refusal.currentTotal} currency={cart.subtotal.currency} />
            </strong>
            . Nothing has been reserved. Place the order again to accept it.
          </p>
        </Notice>
      );
    case "sold_out":
      return (
        <Notice tone="error" title="Not everything is left" focus>
          <RefusedLines lines={refusal.lines} cart={cart} none="none left for now" />
          <p>
            Nothing has been reserved. <a href="/cart">Change your cart</a> to go on with what is there.
            Reservations that end unpaid come back on sale.
          </p>
        </Notice>
      );
    case "purchase_limit":
      return (
        <Notice tone="warning" title="This is more than one customer can buy" focus>
          <RefusedLines lines={refusal.lines} cart={cart} none="no more for now" />
          <LimitReached {...refusal} />
        </Notice>
      );
    case "open_order":
      return (
        <Notice tone="warning" title="An earlier order from this cart is still open" focus>
          <OpenOrder orderId={refusal.orderId} holds="It holds its items for you" />
        </Notice>
      );
    case "not_on_sale":
      return (
        <Notice tone="info" title="This is not on sale yet" focus>
          <p>
            {refusal.opensAt === null ? (
              "Please come back later."
            ) : (
              <>
                It opens <TimeText at={refusal.opensAt} />.
              </>
            )}{" "}
            What you typed is still here.
          </p>
        </Notice>
      );
    case "busy":
      return (
        <Notice tone="info" title="Many people are buying right now" focus>
          <p>
            Your order has not been placed. Try again in about {refusal.retryAfterSeconds}{" "}
            {refusal.retryAfterSeconds === 1 ? "second" : "seconds"}: it is the same order, so it is never
            placed twice.
          </p>
        </Notice>
      );
    case "unavailable":
      return (
        <Notice tone="error" title="We could not place the order" focus>
          <p>
            Something on our side did not answer. Please try again: it is the same order, so it is never
            placed twice.
          </p>
        </Notice>
      );
    case "not_chargeable":
      return (
        <Notice tone="warning" title="We can't charge this total" focus>
          <p>
            The total {refusal.message}. Nothing has been reserved. <a href="/cart">Change your cart</a>, then
            place the order again.
          </p>
        </Notice>
      );
    case "hold_lost":
      return (
        <Notice tone="warning" title="The items slipped away" focus>
          <p>They could not be kept long enough. Nothing is reserved: please try again.</p>
        </Notice>
      );
    case "unproven":
      return <PersonCheckNotice secondsLeft={secondsLeft} />;
    case "cart_used_up":
      return (
        <Notice tone="warning" title="Please change your cart first" focus>
          <p>
            Too many orders of this same cart ended without being paid. <a href="/cart">Change your cart</a>,
            a quantity for instance, and then order again.
          </p>
        </Notice>
      );
  }
}

export interface FieldProblemsProps {
  readonly fields: readonly CheckoutField[];
  /** Names the parts of the address. */
  readonly country: string;
}

/** The fields to look at again, with the way to each. Browser code fills it before the form is sent. */
export function FieldProblems({ fields, country }: FieldProblemsProps) {
  return (
    <div data-field-problems hidden={fields.length === 0}>
      <Notice
        tone="error"
        title="Some details are missing or not quite right"
        {...(fields.length === 0 ? {} : { focus: true })}
      >
        <ul class="notice-list">
          {fields.map((field) => (
            <li>
              <a href={`#${fieldId(field)}`}>{fieldLabel(field, country)}</a>
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}

interface RefusedLinesProps {
  readonly lines: readonly RefusedLine[];
  readonly cart: CartView;
  /** Said of a line of which nothing can be had. */
  readonly none: string;
}

function RefusedLines({ lines, cart, none }: RefusedLinesProps) {
  return (
    <ul class="notice-list">
      {lines.map((line) => (
        <li>
          <strong>{cart.lines.find((inCart) => inCart.sku === line.sku)?.name ?? line.sku}</strong>:{" "}
          {line.available > 0 ? `${line.available} of the ${line.requested} you asked for` : none}
        </li>
      ))}
    </ul>
  );
}

/** What stands in the way of a limit, and the way on. */
function LimitReached({ orderId, retryAfterSeconds }: Extract<CheckoutRefusal, { lines: unknown }>) {
  if (retryAfterSeconds !== undefined)
    return (
      <p>
        An order of yours is just being placed. If you do not see it, try again in about {retryAfterSeconds}{" "}
        seconds.
      </p>
    );
  if (orderId !== undefined)
    return <OpenOrder orderId={orderId} holds="An earlier order of yours holds some of it" />;
  return (
    <p>
      Earlier orders count too. <a href="/cart">Change your cart</a>
    </p>
  );
}

interface OpenOrderProps {
  readonly orderId: string;
  /** What stands in the way, without its full stop. */
  readonly holds: string;
}

function OpenOrder({ orderId, holds }: OpenOrderProps) {
  const path = `/orders/${encodeURIComponent(orderId)}`;
  return (
    <>
      <p>{holds}. Pay for that one, or cancel it first.</p>
      <div class="notice-actions">
        <a class="button button-small" href={`${path}/pay`}>
          Go to that order
        </a>
        <form method="post" action={`${path}/cancel`}>
          <button class="button button-small" data-look="quiet" type="submit">
            Cancel it
          </button>
        </form>
      </div>
    </>
  );
}
