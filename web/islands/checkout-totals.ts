/** Keeps shipping methods and totals those of the address in the form: the server draws them anew when country or region change. */
import { keepingFocus } from "./swap.ts";
import { parsePage } from "./trusted.ts";

const TIMEOUT_MS = 15_000;
/** What of the page depends on the address. */
const PARTS = ["agreed-totals", "items-total", "shipping", "totals"] as const;
type Control = HTMLInputElement | HTMLSelectElement;

export function followAddress(form: HTMLFormElement): void {
  const country = control(form, "country");
  const region = control(form, "region");
  if (country === null || region === null) return;
  let shown = form.dataset["totalsFor"] ?? "";
  let asked: AbortController | null = null;
  const follow = async () => {
    const wanted = `${country.value} ${region.value.trim()}`;
    if (wanted === shown) return;
    asked?.abort();
    const asking = (asked = new AbortController());
    const query = new URLSearchParams({ country: country.value, region: region.value.trim() });
    const html = await load(`/checkout?${query.toString()}`, asking.signal);
    // Without an answer the form shows what it did; the server compares when it is sent, and says so.
    if (html === null || asking.signal.aborted) return;
    replaceParts(form, html);
    shown = wanted;
  };
  for (const each of [country, region]) each.addEventListener("change", () => void follow());
  // What the browser kept of the form may be for another address than the page was drawn for.
  void follow();
}

function control(form: HTMLFormElement, name: string): Control | null {
  const found = form.elements.namedItem(name);
  return found instanceof HTMLInputElement || found instanceof HTMLSelectElement ? found : null;
}

async function load(href: string, signal: AbortSignal): Promise<string | null> {
  const response = await fetch(href, {
    credentials: "same-origin",
    headers: { accept: "text/html" },
    signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), signal]),
  }).catch(() => null);
  // An emptied cart leads elsewhere: the form's own answer will say so.
  if (response?.ok !== true || response.redirected) return null;
  return await response.text().catch(() => null);
}

function childrenOf(loaded: HTMLElement): Node[] {
  return [...loaded.childNodes].map((node) => document.importNode(node, true));
}

function replaceParts(form: HTMLFormElement, html: string): void {
  const loaded = parsePage(html);
  const chosen = new FormData(form).get("shippingMethod");
  for (const part of PARTS) {
    const present = form.querySelector<HTMLElement>(`[data-part="${part}"]`);
    const next = loaded.querySelector<HTMLElement>(`[data-part="${part}"]`);
    if (present === null || next === null) continue;
    if (present instanceof HTMLInputElement && next instanceof HTMLInputElement) present.value = next.value;
    // The element itself stays, so that a screen reader hears what changed in it.
    else keepingFocus(present, () => present.replaceChildren(...childrenOf(next)));
  }
  for (const radio of form.querySelectorAll<HTMLInputElement>('input[name="shippingMethod"]'))
    if (radio.value === chosen) radio.checked = true;
}
