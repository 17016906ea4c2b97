/** Where each built script and style sheet is served: logical name → hashed path. */
import manifest from "../dist/asset-manifest.json";

/** Entry points of the browser code, one per kind of page (web/islands/entries). */
export type IslandEntry =
  "store" | "browse" | "product" | "cart" | "checkout" | "payment" | "order" | "account" | "offline";

/** Browser code that a page fetches only once it is needed. */
type LazyEntry = "search-box" | "vitals";

/**
 * The path of a built asset.
 *
 * @throws when the build did not produce it: a fault of the build, never of a request
 */
export function assetPath(name: "store.css" | `${IslandEntry | LazyEntry}.js`): string {
  const path = (manifest as Readonly<Record<string, string>>)[name];
  if (path === undefined)
    throw new Error(`asset "${name}" is not in dist/asset-manifest.json: run the asset build`);
  return path;
}
