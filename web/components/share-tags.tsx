/** What a link to the page looks like where it is shared: Open Graph, and the card of those who read only their own names. */
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

export function ShareTags({ origin, canonical, title, description, product }: ShareTagsProps) {
  const image = shareImage(product?.slug) ?? shareImage();
  return (
    <>
      <meta property="og:site_name" content={STORE_NAME} />
      <meta property="og:type" content={product === null ? "website" : "product"} />
      <meta property="og:title" content={title} />
      {description !== null && <meta property="og:description" content={description} />}
      <meta property="og:url" content={canonical} />
      {image !== null && (
        <>
          <meta property="og:image" content={`${origin}${image.path}`} />
          <meta property="og:image:type" content="image/jpeg" />
          <meta property="og:image:width" content={String(image.width)} />
          <meta property="og:image:height" content={String(image.height)} />
          <meta
            property="og:image:alt"
            content={product === null ? `${STORE_NAME}, a phone store` : product.name}
          />
        </>
      )}
      <meta name="twitter:card" content={image === null ? "summary" : "summary_large_image"} />
    </>
  );
}
