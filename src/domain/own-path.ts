/** Where a visitor goes on after a detour (signing in, say): only at a page of the store's own, whatever an address asks for. Pure. */

/** No address of the store's own is longer. */
const MAX_LENGTH = 300;
/** Control characters, which browsers drop (so that `/\t/elsewhere` is another site), and the backslash, which they read as a slash. */
const MISREAD = /[\p{Cc}\\]/u;
/** Stands for the store: a path that leads away from it is none of ours. */
const HERE = "https://store.invalid";

/** @returns the path with its query, or null for what is no path of the store's own */
export function ownPath(given: string | null | undefined): string | null {
  if (given == null || given.length > MAX_LENGTH || MISREAD.test(given)) return null;
  if (!given.startsWith("/") || given.startsWith("//")) return null;
  if (!URL.canParse(given, HERE)) return null;
  const { origin, pathname, search, hash } = new URL(given, HERE);
  // Dots in it may have left two slashes in front.
  return origin === HERE && !pathname.startsWith("//") ? pathname + search + hash : null;
}
