/** A product's pictures: a strip that snaps, with small ones to jump by. Needs no JavaScript. */
import type { ProductImage } from "../../src/contracts/catalog.ts";
import { PICTURE_SIZES } from "../picture-sizes.ts";
import { ProductPicture } from "./product-picture.tsx";

export function Gallery({
  images,
  name,
}: {
  readonly images: readonly ProductImage[];
  readonly name: string;
}) {
  return (
    <div class="gallery">
      <ul
        class="gallery-strip"
        aria-label={`Pictures of ${name}`}
        tabindex={images.length > 1 ? 0 : undefined}
      >
        {images.map((image, index) => (
          <li class="gallery-item" id={`picture-${index + 1}`}>
            <ProductPicture image={image} sizes={PICTURE_SIZES.gallery} priority={index === 0} />
          </li>
        ))}
      </ul>
      {images.length > 1 && (
        <ul class="gallery-thumbs" aria-label="Choose a picture">
          {images.map((image, index) => (
            <li>
              <a class="gallery-thumb" href={`#picture-${index + 1}`} data-picture-link>
                <ProductPicture image={image} sizes={PICTURE_SIZES.thumb} decorative />
                <span class="visually-hidden">
                  Picture {index + 1}: {image.alt}
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
