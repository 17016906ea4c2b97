/** What every page needs to know about the store it belongs to. */

import type { ImageDelivery } from "./pictures.ts";

export interface SiteContext {
  /** The store's public origin without a trailing slash, e.g. `https://shop.example`; used for canonical addresses. */
  readonly origin: string;
  /** Units in the cart, on pages that are personal anyway. Left out on cacheable pages: the browser asks for it. */
  readonly cartCount?: number;
  /** Where pictures come from; the files of the picture build where nothing is said. */
  readonly imageDelivery?: ImageDelivery;
  /** What the page was searched by, for the field in the header. */
  readonly searchText?: string;
  /** What the page's own scripts bear, on pages that run a third party's code too. */
  readonly nonce?: string;
}

export const STORE_NAME = "Holdfast";
