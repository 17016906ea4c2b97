/** Replaces a page's main part by the same part of another address, so that the server stays the only one who draws it. */
import { parsePage } from "./trusted.ts";

const TIMEOUT_MS = 15_000;

/**
 * Loads `href` and puts its `[data-swap]` part in place of the present one.
 *
 * @returns the new part; null where it could not be had, and the caller then navigates instead or tries later
 */
export async function swapFrom(href: string, signal?: AbortSignal): Promise<HTMLElement | null> {
  const present = document.querySelector<HTMLElement>("[data-swap]");
  if (present === null) return null;
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(href, {
    credentials: "same-origin",
    headers: { accept: "text/html" },
    signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
  }).catch(() => null);
  if (response?.ok !== true) return null;
  const html = await response.text().catch(() => null);
  return html === null || signal?.aborted === true ? null : swapIn(html);
}

/**
 * Puts a page's `[data-swap]` part in place of the present one; focus stays on the element of the same id.
 *
 * @param html the whole page
 * @returns the new part; null where the page has none
 */
export function swapIn(html: string): HTMLElement | null {
  const present = document.querySelector<HTMLElement>("[data-swap]");
  if (present === null) return null;
  const loaded = parsePage(html);
  const selector = `[data-swap="${present.dataset["swap"] ?? ""}"]`;
  const next = loaded.querySelector<HTMLElement>(selector);
  if (next === null) return null;
  const fresh = document.importNode(next, true);
  keepingFocus(present, () => present.replaceWith(fresh));
  document.title = loaded.title;
  return fresh;
}

/** Does what redraws an element: where the focus was on something in it, it is on the new one of the same id afterwards. */
export function keepingFocus(element: HTMLElement, redraw: () => void): void {
  const focusedId = element.contains(document.activeElement) ? document.activeElement?.id : undefined;
  redraw();
  if (focusedId !== undefined && focusedId !== "")
    document.getElementById(focusedId)?.focus({ preventScroll: true });
}
