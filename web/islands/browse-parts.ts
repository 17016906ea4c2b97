/** Puts the parts of another page of the same kind in place of this one's, keeping the focus and what is folded open. */
import { parsePage } from "./trusted.ts";

const TIMEOUT_MS = 15_000;

/** @returns the page at `href`; null where it could not be had */
export async function loadPage(href: string, signal: AbortSignal): Promise<Document | null> {
  const response = await fetch(href, {
    credentials: "same-origin",
    headers: { accept: "text/html" },
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  }).catch(() => null);
  const html = response?.ok === true ? await response.text().catch(() => null) : null;
  return html === null ? null : parsePage(html);
}

/**
 * Replaces what is inside each `[data-browse-part]`; the elements themselves stay, so an open panel stays open and keeps its
 * scroll position.
 *
 * Where the pages differ in their parts (results on one, none on the other), everything between them is replaced.
 */
export function replaceParts(page: Document): void {
  const focused = focusMark(document.activeElement);
  const open = [...document.querySelectorAll("[data-browse] details[open][id]")].map(({ id }) => id);
  const present = partsOf(document);
  const fresh = partsOf(page);
  if ([...present.keys()].join() === [...fresh.keys()].join())
    for (const [name, part] of present) replaceContent(part, fresh.get(name));
  else replaceContent(document.querySelector("[data-browse]"), page.querySelector("[data-browse]"));
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  document.title = page.title;
  const field = document.querySelector<HTMLInputElement>("#site-search");
  const freshField = page.querySelector<HTMLInputElement>("#site-search");
  if (field !== null && freshField !== null) field.value = freshField.value;
  if (focused !== null) document.querySelector<HTMLElement>(focused)?.focus({ preventScroll: true });
}

function partsOf(page: Document): Map<string, HTMLElement> {
  const parts = [...page.querySelectorAll<HTMLElement>("[data-browse-part]")];
  return new Map(parts.map((part) => [part.dataset["browsePart"] ?? "", part]));
}

function replaceContent(present: Element | null, fresh: Element | null | undefined): void {
  if (fresh == null) return;
  present?.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
}

/** A selector that finds the same control again after it was replaced; null where the focus is elsewhere. */
function focusMark(element: Element | null): string | null {
  if (element?.closest("[data-browse-part]") == null) return null;
  if (element.id !== "") return `#${CSS.escape(element.id)}`;
  if (element instanceof HTMLInputElement)
    return `input[name="${CSS.escape(element.name)}"][value="${CSS.escape(element.value)}"]`;
  const href = element.getAttribute("href");
  return href === null ? null : `[data-browse-part] a[href="${CSS.escape(href)}"]`;
}

/** A click that stays in this tab: new tabs, new windows and downloads stay what they are. */
export function isPlainClick(event: MouseEvent): event is MouseEvent & { readonly target: Element } {
  return (
    event.target instanceof Element &&
    event.button === 0 &&
    !event.metaKey &&
    !event.ctrlKey &&
    !event.shiftKey &&
    !event.altKey
  );
}
