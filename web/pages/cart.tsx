/**
 * The cart. Personal, never cached.
 *
 * Props: `CartPageProps`. Forms: `POST /cart/lines/{sku}` with `quantity` sets a line, `POST /cart/lines/{sku}/remove` removes it;
 * both answer 303 to `/cart`, after a removal with what was removed, so that it can be undone. Browser code sends the same forms
 * and puts the page's main part (`data-swap`) in place.
 */
import type { CartView } from "../../src/contracts/catalog.ts";
import { countryName } from "../../src/domain/countries.ts";
import { formatMoney } from "../../src/domain/money.ts";
import { MAX_LINES } from "../../src/domain/line-limits.ts";
import type { CartEstimate } from "../../src/domain/rates.ts";
import { lineProblem, unitsIn, unitsText } from "../cart-check.ts";
import { CartLine } from "../components/cart-line.tsx";
import { BagIcon, InfoIcon, TruckIcon } from "../components/icons.tsx";
import { MoneyText } from "../components/money.tsx";
import { Notice } from "../components/notice.tsx";
import { TotalsList } from "../components/totals-list.tsx";
import { TimeText } from "../components/time-text.tsx";
import { deliveryText } from "../delivery-text.ts";
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";

export interface RemovedLine {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
}

export interface CartPageProps {
  readonly site: SiteContext;
  readonly cart: CartView;
  /** What it will probably cost; null where the store ships nothing to where the shopper seems to be. */
  readonly estimate: CartEstimate | null;
  /** Epoch ms, for when it arrives. */
  readonly now: number;
  /** Why the last change did not do what was asked, in words for the shopper. */
  readonly problem?: string;
  /** The line that was just taken out, to be put back with one press. */
  readonly removed?: RemovedLine;
  /** The shopper's own order that still holds its items unpaid. `holdExpiresAt` is RFC 3339. */
  readonly openOrder?: { readonly orderId: string; readonly holdExpiresAt: string };
}

export function CartPage({ site, cart, estimate, now, problem, removed, openOrder }: CartPageProps) {
  const units = unitsIn(cart.lines);
  const subtotal = formatMoney(cart.subtotal);
  return (
    <Document site={{ ...site, cartCount: units }} title="Your cart" script="cart">
      <div
        class="wrap section page-top"
        data-swap="cart"
        data-units={String(units)}
        data-summary={units === 0 ? "Your cart is empty." : `${unitsText(cart.lines)}, subtotal ${subtotal}.`}
      >
        <h1>Your cart</h1>
        {problem !== undefined && <Notice tone="warning" title={problem} focus />}
        {removed !== undefined && <RemovedNotice removed={removed} />}
        {openOrder !== undefined && <OpenOrderNotice {...openOrder} />}
        {cart.waiting !== undefined && <WaitingNotice waiting={cart.waiting} />}
        {cart.lines.length === 0 ? <EmptyCart /> : <FilledCart cart={cart} estimate={estimate} now={now} />}
      </div>
    </Document>
  );
}

function RemovedNotice({ removed }: { readonly removed: RemovedLine }) {
  return (
    <Notice tone="info" title={`Removed: ${removed.name}`} focus>
      <form method="post" action={`/cart/lines/${encodeURIComponent(removed.sku)}`} data-cart-form>
        <input type="hidden" name="quantity" value={String(removed.quantity)} />
        <button class="button button-small" data-look="quiet" type="submit">
          Undo<span class="visually-hidden"> removing {removed.name}</span>
        </button>
      </form>
    </Notice>
  );
}

function WaitingNotice({ waiting }: { readonly waiting: NonNullable<CartView["waiting"]> }) {
  return (
    <Notice tone="info" title={`Your cart is full: ${MAX_LINES} different items are the most it holds`}>
      <p>These were in your cart before you signed in. They come in as soon as you remove something else.</p>
      <ul class="notice-list">
        {waiting.map(({ name, quantity }) => (
          <li>{quantity === 1 ? name : `${name}, ${quantity} units`}</li>
        ))}
      </ul>
    </Notice>
  );
}

function OpenOrderNotice({ orderId, holdExpiresAt }: NonNullable<CartPageProps["openOrder"]>) {
  return (
    <Notice tone="info" title="An order of yours is waiting to be paid">
      <p>
        Its items are held until <TimeText at={holdExpiresAt} style="time" />.{" "}
        <a href={`/orders/${encodeURIComponent(orderId)}/pay`}>Go to the payment</a>
      </p>
    </Notice>
  );
}

function EmptyCart() {
  return (
    <div class="empty cart-empty">
      <span class="cart-empty-mark">
        <BagIcon />
      </span>
      <p class="empty-text">There is nothing in it yet.</p>
      <div class="plain-actions">
        <a class="button" href="/products">
          Browse the store
        </a>
        <a class="button" data-look="quiet" href="/">
          See what is new
        </a>
      </div>
    </div>
  );
}

function FilledCart({ cart, estimate, now }: Pick<CartPageProps, "cart" | "estimate" | "now">) {
  const stuck = cart.lines.some((line) => lineProblem(line) !== null);
  const look = stuck ? { "data-look": "quiet" } : {};
  const { amount, currency } = cart.subtotal;
  return (
    <>
      <p class="cart-express">
        <span>
          {unitsText(cart.lines)}, <MoneyText amount={amount} currency={currency} />
        </span>
        <a class="button button-small" {...look} href="/checkout">
          Check out
        </a>
      </p>
      <div class="split cart">
        <ul class="cart-lines">
          {cart.lines.map((line) => (
            <CartLine line={line} />
          ))}
        </ul>
        <aside class="panel split-side" aria-labelledby="cart-summary">
          <h2 id="cart-summary" class="panel-title">
            Summary
          </h2>
          <Sums cart={cart} estimate={estimate} />
          {stuck && (
            <Notice tone="warning" title="Not everything can be ordered as it is">
              <p>Change what is marked, then check out.</p>
            </Notice>
          )}
          {cart.lines.length > MAX_LINES && (
            <Notice tone="warning" title={`An order takes up to ${MAX_LINES} different items`} />
          )}
          <a class="button button-wide" {...look} href="/checkout">
            Check out
          </a>
          {estimate !== null && (
            <p class="fine fine-icon">
              <TruckIcon />
              Order now and it arrives {deliveryText(estimate.method, now)}.
            </p>
          )}
          <p class="fine fine-icon">
            <InfoIcon />
            Nothing is reserved yet. Items are set aside for you when you check out.
          </p>
        </aside>
      </div>
    </>
  );
}

/** Nobody has said yet where it goes: what is shown beyond the items is an estimate, and says so. */
function Sums({ cart, estimate }: Pick<CartPageProps, "cart" | "estimate">) {
  const { amount, currency } = cart.subtotal;
  if (estimate === null)
    return (
      <>
        <dl class="totals">
          <dt class="totals-sum">Subtotal ({unitsText(cart.lines)})</dt>
          <dd class="totals-sum">
            <MoneyText amount={amount} currency={currency} />
          </dd>
        </dl>
        <p class="fine">Shipping and taxes are calculated at checkout.</p>
      </>
    );
  const { method, totals, country, isTaxOpen } = estimate;
  return (
    <>
      <TotalsList
        totals={totals}
        shippingName={method.name}
        subtotalNote={unitsText(cart.lines)}
        isEstimate
      />
      <p class="fine">
        Estimated for delivery to {countryName(country)}.{" "}
        {isTaxOpen
          ? "Sales tax depends on your address and is added at checkout."
          : "Shipping and taxes are final once you enter your address at checkout."}
      </p>
    </>
  );
}
