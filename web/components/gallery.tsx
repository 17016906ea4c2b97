/**
 * A product's pictures: a strip that is swiped, with small ones to jump by. Needs no JavaScript; with it the arrow keys turn
 * the pages and the small one in view is marked.
 */
import type { ProductImage } from "../../src/contracts/catalog.ts";
import { PICTURE_SIZES } from "../picture-sizes.ts";
import { ProductPicture } from "./product-picture.tsx";

export interface GalleryProps {
  readonly images: readonly ProductImage[];
  readonly name: string;
}

export function Gallery({ images, name }: GalleryProps) {
  const several = images.length > 1;
  return (
    <div class="gallery" data-gallery>
      <ul class="gallery-strip" aria-label={`Pictures of ${name}`} tabindex={several ? 0 : undefined}>
        {images.map((image, index) => (
          <li class="gallery-item" id={`picture-${index + 1}`}>
            <ProductPicture image={image} sizes={PICTURE_SIZES.gallery} priority={index === 0} />
          </li>
        ))}
      </ul>
      {several && (
        <ul class="gallery-thumbs" aria-label="Choose a picture">
          {images.map((image, index) => (
            <li>
              <a
                class="gallery-thumb"
                href={`#picture-${index + 1}`}
                data-picture-link
                aria-current={index === 0 ? "true" : undefined}
              >
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
