/** What a link to the page looks like where it is shared: Open Graph, and the card of those who read only their own names. */
import { html } from "hono/html";
import type { Product } from "../../src/contracts/catalog.ts";
import { shareImage } from "../pictures.ts";
import { STORE_NAME } from "../site.ts";

export interface ShareTagsProps {
  /** The store's, for the picture: its address must be absolute. */
  readonly origin: string;
  readonly canonical: string;
  readonly title: string;
  readonly description: string | null;
  /** Whose picture it is; null for the store's. */
  readonly product: Pick<Product, "slug" | "name"> | null;
}

export function shareTags({ origin, canonical, title, description, product }: ShareTagsProps) {
  const image = shareImage(product?.slug) ?? shareImage();
  const alt = product === null ? `${STORE_NAME}, a phone store` : product.name;
  // As text: every page has them, and elements cost the drawing of a page far more.
  return html`<meta property="og:site_name" content="${STORE_NAME}" />
    <meta property="og:type" content="${product === null ? "website" : "product"}" />
    <meta property="og:title" content="${title}" />
    ${description === null ? "" : html`<meta property="og:description" content="${description}" />`}
    <meta property="og:url" content="${canonical}" />
    ${
      image === null
        ? ""
        : html`<meta property="og:image" content="${origin}${image.path}" />
            <meta property="og:image:type" content="image/jpeg" />
            <meta property="og:image:width" content="${image.width}" />
            <meta property="og:image:height" content="${image.height}" />
            <meta property="og:image:alt" content="${alt}" />`
    }
    <meta name="twitter:card" content="${image === null ? "summary" : "summary_large_image"}" />`;
}
