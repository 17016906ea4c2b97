/** Choosing an option replaces the product's part of the page instead of the whole page, and keeps the scroll position. */
import { swapFrom } from "./swap.ts";

/** @param onSwap called with the new part, to bring it to life */
export function enhanceOptionLinks(onSwap: (part: HTMLElement) => void): void {
  let latest: AbortController | null = null;
  document.addEventListener("click", (event) => {
    const link =
      event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-option-link]") : null;
    // New tabs, new windows and downloads stay what they are.
    if (
      link === null ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    latest?.abort();
    latest = new AbortController();
    const { signal } = latest;
    const { href } = link;
    link.dataset["loading"] = "";
    void swapFrom(href, signal).then((part) => {
      if (signal.aborted) return;
      if (part === null) {
        location.assign(href);
        return;
      }
      history.replaceState(null, "", href);
      onSwap(part);
    });
  });
}
