/** A category's address and name. Pure. */

export function categoryHref(category: string | null): string {
  return category === null ? "/products" : `/products?category=${encodeURIComponent(category)}`;
}

/** `phones` → `Phones`; `screen-protectors` → `Screen protectors`. */
export function categoryTitle(category: string): string {
  const words = category.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
