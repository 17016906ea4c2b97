/** The kinds of pages that measurements are kept apart by: few enough to compare, and none names anybody's page. */

export const PAGE_KINDS = [
  "home",
  "listing",
  "product",
  "search",
  "cart",
  "checkout",
  "payment",
  "order",
  "other",
] as const;
export type PageKind = (typeof PAGE_KINDS)[number];

const KINDS_BY_PATH: readonly (readonly [RegExp, PageKind])[] = [
  [/^\/$/, "home"],
  [/^\/products\/?$/, "listing"],
  [/^\/products\/[^/]+\/?$/, "product"],
  [/^\/search\/?$/, "search"],
  [/^\/cart\/?$/, "cart"],
  [/^\/checkout\/?$/, "checkout"],
  [/^\/orders\/[^/]+\/pay\/?$/, "payment"],
  [/^\/orders\/[^/]+\/?$/, "order"],
];

/** @param pathname an address's path, without query */
export function pageKindOf(pathname: string): PageKind {
  return KINDS_BY_PATH.find(([pattern]) => pattern.test(pathname))?.[1] ?? "other";
}
