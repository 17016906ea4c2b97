/**
 * The cart. Personal, never cached.
 *
 * Props: `CartPageProps`. Forms: `POST /cart/lines/{sku}` with `quantity` sets a line, `POST /cart/lines/{sku}/remove` removes it;
 * both answer 303 to `/cart`.
 */
import type { CartView } from "../../src/contracts/catalog.ts";
import { MAX_LINES } from "../../src/domain/line-limits.ts";
import { MoneyText } from "../components/money.tsx";
import { Notice } from "../components/notice.tsx";
import { ProductPicture } from "../components/product-picture.tsx";
import { QuantitySelect } from "../components/quantity-select.tsx";
import { StockLabel } from "../components/stock-label.tsx";
import { Document } from "../document.tsx";
import { productHref } from "../option-choice.ts";
import type { SiteContext } from "../site.ts";

export interface CartPageProps {
  readonly site: SiteContext;
  readonly cart: CartView;
  /** Why the last change did not do what was asked, in words for the shopper. */
  readonly problem?: string;
}

export function CartPage({ site, cart, problem }: CartPageProps) {
  const units = cart.lines.reduce((sum, line) => sum + line.quantity, 0);
  return (
    <Document site={{ ...site, cartCount: units }} title="Your cart" script="cart">
      <div class="wrap section page-top">
        <h1>Your cart</h1>
        {problem !== undefined && <Notice tone="warning" title={problem} focus />}
        {cart.lines.length === 0 ? <EmptyCart /> : <FilledCart cart={cart} />}
      </div>
    </Document>
  );
}

function EmptyCart() {
  return (
    <div class="empty">
      <p class="empty-text">There is nothing in it yet.</p>
      <a class="button" href="/products">
        Browse the store
      </a>
    </div>
  );
}

function FilledCart({ cart }: { readonly cart: CartView }) {
  const missing = cart.lines.filter((line) => line.status === "sold_out" || line.status === "coming_soon");
  return (
    <div class="split">
      <ul class="cart-lines">
        {cart.lines.map((line) => (
          <CartLine line={line} />
        ))}
      </ul>
      <aside class="panel split-side" aria-labelledby="cart-summary">
        <h2 id="cart-summary" class="panel-title">
          Summary
        </h2>
        <dl class="totals">
          <dt>Subtotal</dt>
          <dd>
            <MoneyText amount={cart.subtotal.amount} currency={cart.subtotal.currency} />
          </dd>
          <dt>Standard shipping</dt>
          <dd>Free</dd>
        </dl>
        {missing.length > 0 && (
          <Notice tone="warning" title="Not everything can be bought right now">
            <p>Remove what is marked to go on with the rest.</p>
          </Notice>
        )}
        {cart.lines.length > MAX_LINES && (
          <Notice tone="warning" title={`An order takes up to ${MAX_LINES} different items`} />
        )}
        <a class="button button-wide" href="/checkout">
          Check out
        </a>
        <p class="fine">Nothing is reserved yet. Items are set aside for you when you check out.</p>
      </aside>
    </div>
  );
}

function CartLine({ line }: { readonly line: CartView["lines"][number] }) {
  const action = `/cart/lines/${encodeURIComponent(line.sku)}`;
  const name =
    line.slug === undefined ? line.name : <a href={productHref(line.slug, line.sku)}>{line.name}</a>;
  return (
    <li class="cart-line">
      <div class="cart-line-picture">
        {line.image !== undefined && <ProductPicture image={line.image} priority decorative />}
      </div>
      <div class="cart-line-facts">
        <p class="cart-line-name">{name}</p>
        <p class="cart-line-unit">
          <MoneyText amount={line.unitPrice.amount} currency={line.unitPrice.currency} />
          {line.quantity > 1 && " each"}
        </p>
        <StockLabel sku={line.sku} status={line.status} available={null} />
      </div>
      <p class="cart-line-sum">
        <MoneyText amount={line.unitPrice.amount * line.quantity} currency={line.unitPrice.currency} />
      </p>
      <div class="cart-line-actions">
        <form class="cart-line-quantity" method="post" action={action} data-submit-on-change>
          <QuantitySelect
            id={`quantity-${line.sku}`}
            selected={line.quantity}
            limit={null}
            label={`Quantity of ${line.name}`}
          />
          <button class="button button-small" data-look="quiet" type="submit" data-submit-button>
            Update
          </button>
        </form>
        <form method="post" action={`${action}/remove`}>
          <button class="link-button" type="submit">
            Remove<span class="visually-hidden"> {line.name}</span>
          </button>
        </form>
      </div>
    </li>
  );
}
