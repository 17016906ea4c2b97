/** The wish list: each thing with its price and whether it can be had. Works without JavaScript. */
import type { Wishlist, WishlistItem } from "../../src/contracts/profile.ts";
import { canBeBought } from "../availability-label.ts";
import { AccountFrame } from "../components/account-frame.tsx";
import { ItemName } from "../components/item-name.tsx";
import { MoneyText } from "../components/money.tsx";
import { ProfileNotice, type ProfileMessage } from "../components/profile-notice.tsx";
import { StockLabel } from "../components/stock-label.tsx";
import { productHref } from "../option-choice.ts";
import type { SiteContext } from "../site.ts";

export interface WishlistPageProps {
  readonly site: SiteContext;
  readonly wishlist: Wishlist;
  /** Whether newer wishes come before these. */
  readonly isFurtherPage: boolean;
  readonly message: ProfileMessage | null;
}

export function WishlistPage({ site, wishlist, isFurtherPage, message }: WishlistPageProps) {
  const { items, nextCursor } = wishlist;
  return (
    <AccountFrame
      site={site}
      section="wishlist"
      title="Wish list"
      notice={message !== null && <ProfileNotice message={message} />}
    >
      {items.length === 0 && !isFurtherPage ? (
        <div class="none">
          <p>Nothing is on it yet. The heart on a product’s page puts it here.</p>
          <a class="button" href="/products">
            See what there is
          </a>
        </div>
      ) : (
        <ul class="cards cards-pair">
          {items.map((item) => (
            <Wish item={item} />
          ))}
        </ul>
      )}
      <p class="older">
        {isFurtherPage && <a href="/account/wishlist">Newest wishes</a>}
        {nextCursor !== null && (
          <a href={`/account/wishlist?cursor=${encodeURIComponent(nextCursor)}`}>Older wishes</a>
        )}
      </p>
    </AccountFrame>
  );
}

function Wish({ item: { sku, product } }: { readonly item: WishlistItem }) {
  return (
    <li class="panel">
      <div class="wish-text">
        <h2 class="panel-title">
          {product === null ? (
            sku
          ) : (
            <a href={`${productHref(product.slug)}?sku=${encodeURIComponent(sku)}`}>
              <ItemName name={product.name} />
            </a>
          )}
        </h2>
        {product === null ? (
          <p class="fine">We do not sell this any more.</p>
        ) : (
          <p class="wish-facts">
            <MoneyText {...product.price} />
            <StockLabel sku={sku} status={product.status} available={null} />
          </p>
        )}
      </div>
      <div class="panel-actions">
        {product !== null && canBeBought(product.status) && (
          <form method="post" action="/cart/lines">
            <input type="hidden" name="sku" value={sku} />
            <input type="hidden" name="quantity" value="1" />
            <button class="button button-small" type="submit">
              Add to cart<span class="visually-hidden">: {product.name}</span>
            </button>
          </form>
        )}
        <form method="post" action="/account/wishlist/remove">
          <input type="hidden" name="sku" value={sku} />
          <button class="link-button" type="submit">
            Remove<span class="visually-hidden">: {product?.name ?? sku}</span>
          </button>
        </form>
      </div>
    </li>
  );
}
