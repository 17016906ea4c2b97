/** A page component's element as an HTML document. */
import type { JSX } from "hono/jsx/jsx-runtime";

/**
 * @param page an element of a page component, e.g. `<HomePage … />`
 * @returns the HTML with its doctype
 * @throws when a component below it is asynchronous: pages are pure functions of their props
 */
export function renderPage(page: JSX.Element): string {
  const html: unknown = (page as { toString: () => unknown }).toString();
  if (typeof html !== "string" || page instanceof Promise)
    throw new TypeError("a page component must not be asynchronous");
  return `<!doctype html>${html}`;
}
