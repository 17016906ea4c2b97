/**
 * Markup of parts that are the same on page after page, rendered once: drawing a page is mostly drawing its pictures, its
 * header and its footer again. Kept for as long as what it was drawn from, so that it can neither grow old nor pile up.
 */
import type { JSX } from "hono/jsx/jsx-runtime";
import { raw } from "hono/html";

/** Ways one thing is drawn: sizes, places on the page, ways of delivery, what is left. More than these are drawn anew. */
const MAX_VARIANTS = 64;

type Markup = ReturnType<typeof raw>;

const kept = new WeakMap<object, Map<string, Markup>>();

/**
 * @param source what the part is drawn from; never changed once it was drawn
 * @param variant names everything else that the part depends on
 * @param draw the part; a pure function of the two, and not asynchronous
 */
export function keptMarkup(source: object, variant: string, draw: () => JSX.Element): Markup {
  let variants = kept.get(source);
  if (variants === undefined) {
    variants = new Map();
    kept.set(source, variants);
  }
  const known = variants.get(variant);
  if (known !== undefined) return known;
  const element: unknown = draw();
  const markup = raw(String(element));
  if (variants.size < MAX_VARIANTS) variants.set(variant, markup);
  return markup;
}
