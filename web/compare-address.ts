/** Which products are compared, and the address of that. Pure. */
import type { Product } from "../src/contracts/catalog.ts";

/** More columns than this do not fit beside one another. */
export const MAX_COMPARED = 3;
/** The query parameter that names a product, once for each. */
export const COMPARED_PARAMETER = "p";

export function compareHref(slugs: readonly string[]): string {
  const query = new URLSearchParams(
    slugs.slice(0, MAX_COMPARED).map((slug): [string, string] => [COMPARED_PARAMETER, slug]),
  );
  return slugs.length === 0 ? "/compare" : `/compare?${query.toString()}`;
}

/** The product beside others of its kind; null where there is no other. */
export function compareWithKind(product: Product, kind: readonly Pick<Product, "slug">[]): string | null {
  const others = kind.filter(({ slug }) => slug !== product.slug).map(({ slug }) => slug);
  return others.length === 0 ? null : compareHref([product.slug, ...others]);
}
