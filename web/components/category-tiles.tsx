/** The ways into the store: one tile per category. */
import { PICTURE_SIZES } from "../picture-sizes.ts";
import type { Tile } from "../shelves.ts";
import { ProductPicture } from "./product-picture.tsx";

export function CategoryTiles({ tiles }: { readonly tiles: readonly Tile[] }) {
  return (
    <nav class="wrap tiles-section" aria-label="Categories">
      <ul class="tiles">
        {tiles.map(({ title, href, image }) => (
          <li>
            <a class="tile" href={href}>
              <span class="tile-picture">
                {image !== null && <ProductPicture image={image} sizes={PICTURE_SIZES.card} decorative />}
              </span>
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
