/** The few answers of the store's API that the preview's pages ask for. */

import { readBrowseQuery } from "../../web/browse-address.ts";
import { sampleAnswer } from "../../web/preview/sample-search.ts";
import { previewProducts } from "./preview-products.ts";

/** @returns the JSON answered at `url`; null where the preview has none. */
export function previewAnswer(url: URL): unknown {
  if (url.pathname === "/api/cart")
    return { revision: 1, lines: [{ quantity: 3 }], subtotal: { amount: 0, currency: "USD" } };
  if (url.pathname === "/api/search") {
    const limit = Number(url.searchParams.get("limit") ?? "24");
    return sampleAnswer(previewProducts(Date.now()), { ...readBrowseQuery(url.searchParams), limit });
  }
  return null;
}
