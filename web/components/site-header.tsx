/** The header: the store's name, where to browse, the search, the account, and the cart with its count. */
import { STORE_NAME } from "../site.ts";
import { BagIcon, Mark, PersonIcon } from "./icons.tsx";
import { SearchBox } from "./search-box.tsx";

export interface SiteHeaderProps {
  /** Units in the cart where the page knows; otherwise the browser fills it in. */
  readonly cartCount?: number;
  /** What this page was searched by. */
  readonly searchText?: string;
  /** Only the name and the cart: for checkout and payment. */
  readonly quiet: boolean;
}

export function SiteHeader({ cartCount, searchText = "", quiet }: SiteHeaderProps) {
  const known = cartCount !== undefined;
  return (
    <header class="site-header">
      <div class="wrap site-header-row">
        <a class="wordmark" href="/">
          <Mark />
          <span>{STORE_NAME}</span>
        </a>
        {!quiet && (
          <>
            <nav class="site-nav" aria-label="Store">
              <a href="/products">Products</a>
            </nav>
            <div class="search-slot">
              <SearchBox id="site-search" text={searchText} place="header" />
            </div>
            {/* Pages are shared: the name of whoever is signed in arrives with the cart's count. */}
            <a class="account-link" href="/account" data-account-link>
              <PersonIcon />
              <span class="account-link-word" data-account-name>
                Account
              </span>
            </a>
          </>
        )}
        <a class="cart-link" href="/cart">
          <BagIcon />
          <span class="cart-link-word">Cart</span>
          <span
            class="cart-count"
            data-cart-count
            data-known={known ? "" : undefined}
            hidden={!known || cartCount === 0}
          >
            <span class="visually-hidden">, items in it: </span>
            <span data-cart-count-number>{known ? cartCount : 0}</span>
          </span>
        </a>
      </div>
    </header>
  );
}
