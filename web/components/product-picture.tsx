/** A product's picture: its size known before it loads, its colours there at once, and from its files the one that fits. */
import { html } from "hono/html";
import { createContext, useContext } from "hono/jsx";
import type { ProductImage } from "../../src/contracts/catalog.ts";
import { keptMarkup } from "../kept-markup.ts";
import { pictureSources, type ImageDelivery } from "../pictures.ts";

/** Where pictures come from; the document provides it, so that no page has to hand it down. */
export const ImageDeliveryContext = createContext<ImageDelivery>("files");

export interface ProductPictureProps {
  readonly image: ProductImage;
  /** How wide the layout shows it, as in HTML: one of `PICTURE_SIZES`, or another. */
  readonly sizes?: string;
  /** The page's main picture: fetched at once and first. Others wait until they come near. */
  readonly priority?: boolean;
  /** Beside a text that names the product already, the picture stays silent. */
  readonly decorative?: boolean;
}

export function ProductPicture(props: ProductPictureProps) {
  const { image, sizes = "100vw", priority = false, decorative = false } = props;
  const delivery = useContext(ImageDeliveryContext);
  const variant = `${delivery} ${String(priority)} ${String(decorative)} ${sizes}`;
  return keptMarkup(image, variant, () => draw({ image, sizes, priority, decorative }, delivery));
}

function draw(
  { image, sizes, priority, decorative }: Required<ProductPictureProps>,
  delivery: ImageDelivery,
) {
  const sources = pictureSources(image, delivery);
  const picture = (
    <img
      class={sources.tone === null ? "picture" : `picture ${sources.tone}`}
      src={sources.src}
      srcset={sources.srcset ?? undefined}
      sizes={sources.srcset === null ? undefined : sizes}
      alt={decorative ? "" : image.alt}
      width={image.width}
      height={image.height}
      loading={priority ? "eager" : "lazy"}
      decoding="async"
      fetchpriority={priority ? "high" : undefined}
    />
  );
  if (sources.avif === null) return picture;
  return (
    <picture>
      <source type="image/avif" srcset={sources.avif} sizes={sizes} />
      {picture}
    </picture>
  );
}

/** Has the page's main picture fetched before the browser comes to it. For the head; `sizes` as the picture itself has them. */
export function picturePreload({
  image,
  sizes,
  delivery,
}: {
  readonly image: ProductImage;
  readonly sizes: string;
  readonly delivery: ImageDelivery;
}) {
  const { avif, srcset, src } = pictureSources(image, delivery);
  const candidates = avif ?? srcset;
  if (candidates === null) return html`<link rel="preload" as="image" href="${src}" fetchpriority="high" />`;
  // Browsers that do not know the type leave it alone, and load the picture when they come to it.
  const type = avif === null ? "" : html`type="image/avif"`;
  return html`<link
    rel="preload"
    as="image"
    ${type}
    imagesrcset="${candidates}"
    imagesizes="${sizes}"
    fetchpriority="high"
  />`;
}
