/**
 * Lists and search results without reloading: a filter, an order or a category applies as soon as it is chosen, and more products
 * join those that are there. The server draws every part; here they are only put in place.
 */
import { announce } from "./live-region.ts";
import { isPlainClick, loadPage, replaceParts } from "./browse-parts.ts";

let latest: AbortController | null = null;
/** The address whose list is shown; a jump within the page is none of ours. */
let shown = "";

export function enhanceBrowsing(): void {
  if (document.querySelector("[data-browse]") === null) return;
  shown = withoutHash(location.href);
  markLive();
  document.addEventListener("change", (event) => {
    const form = event.target instanceof Element ? filterFormOf(event.target) : null;
    if (form !== null) void show(formHref(form));
  });
  document.addEventListener("submit", (event) => {
    if (!(event.target instanceof HTMLFormElement) || !event.target.matches("[data-filters]")) return;
    event.preventDefault();
    closeFilters();
    void show(formHref(event.target));
  });
  document.addEventListener("click", (event) => {
    const link = isPlainClick(event) ? event.target.closest("a") : null;
    if (link === null) return;
    if (link.dataset["browseLink"] !== undefined) {
      event.preventDefault();
      void show(link.href);
    } else if (link.dataset["browseMore"] !== undefined) {
      event.preventDefault();
      void showMore(link);
    }
  });
  window.addEventListener("popstate", () => {
    void show(location.href, false);
  });
}

/** @param remember adds an entry to the history */
async function show(href: string, remember = true): Promise<void> {
  // Nothing new is asked for: a press on "Show products" after the last choice, a jump to the content.
  if (withoutHash(href) === shown) return;
  const page = await load(href);
  if (page === null) return;
  if (remember) history.pushState(null, "", href);
  shown = withoutHash(href);
  replaceParts(page);
  markLive();
  const count = document.querySelector<HTMLElement>("[data-result-count]");
  keepFocus(count);
  announce(count?.textContent ?? document.querySelector("h1")?.textContent ?? "");
}

/** What had the focus may be gone, as a filter that was removed: then it goes to where one can go on. */
function keepFocus(count: HTMLElement | null): void {
  if (document.activeElement !== document.body && document.activeElement !== null) return;
  const panel = document.querySelector("[popover]:popover-open");
  const target = panel?.querySelector<HTMLElement>("button") ?? count;
  target?.focus({ preventScroll: true });
}

/** Puts the next page's products after the present ones, and the focus on the first of them. */
async function showMore(link: HTMLAnchorElement): Promise<void> {
  const page = await load(link.href);
  const grid = document.querySelector("[data-browse] [data-card-grid]");
  const added = [...(page?.querySelectorAll("[data-browse] [data-card-grid] > li") ?? [])];
  if (page === null || grid === null) return;
  const cards = added.map((card) => document.importNode(card, true));
  grid.append(...cards);
  cards[0]?.querySelector("a")?.focus({ preventScroll: true });
  const further = page.querySelector<HTMLAnchorElement>("[data-browse-more]");
  if (further === null) link.parentElement?.remove();
  else link.setAttribute("href", further.getAttribute("href") ?? "");
  announce(`${String(cards.length)} more products`);
}

/** Loads a page while the present one shows that it waits; navigates there instead where that fails. */
async function load(href: string): Promise<Document | null> {
  latest?.abort();
  const controller = new AbortController();
  latest = controller;
  const results = document.querySelector<HTMLElement>('[data-browse-part="results"]');
  results?.setAttribute("aria-busy", "true");
  const page = await loadPage(href, controller.signal);
  if (controller.signal.aborted) return null;
  results?.removeAttribute("aria-busy");
  if (page?.querySelector("[data-browse]") == null) {
    location.assign(href);
    return null;
  }
  return page;
}

function filterFormOf(element: Element): HTMLFormElement | null {
  const form =
    element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? element.form : null;
  return form?.matches("[data-filters]") === true ? form : null;
}

/** The address that sending the form would lead to, without empty fields and defaults. */
function formHref(form: HTMLFormElement): string {
  const params = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || value.trim() === "") continue;
    if (name === "sort" && value === "relevance") continue;
    params.append(name, value);
  }
  const text = params.toString();
  return new URL(text === "" ? form.action : `${form.action}?${text}`, location.href).href;
}

function withoutHash(href: string): string {
  return new URL(href, location.href).href.replace(/#.*$/, "");
}

/** The form says "Show 12 products" instead of "Apply" once choices apply by themselves. */
function markLive(): void {
  for (const form of document.querySelectorAll<HTMLElement>("[data-filters]")) form.dataset["live"] = "";
}

function closeFilters(): void {
  const panel = document.querySelector<HTMLElement>("[popover]:popover-open");
  panel?.hidePopover();
}
