/** A product's picture with its size known before it loads, so that nothing jumps. */
import type { ProductImage } from "../../src/contracts/catalog.ts";

export interface ProductPictureProps {
  readonly image: ProductImage;
  /** The page's main picture: fetched at once. Others wait until they come near. */
  readonly priority?: boolean;
  /** Beside a text that names the product already, the picture stays silent. */
  readonly decorative?: boolean;
}

export function ProductPicture({ image, priority = false, decorative = false }: ProductPictureProps) {
  return (
    <img
      class="picture"
      src={image.src}
      alt={decorative ? "" : image.alt}
      width={image.width}
      height={image.height}
      loading={priority ? "eager" : "lazy"}
      decoding="async"
      fetchpriority={priority ? "high" : undefined}
    />
  );
}
