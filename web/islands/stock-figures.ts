/** Keeps every stock label and buy button on the page as fresh as the store's published figures. */
import type { AvailabilityItem, AvailabilityList } from "../../src/contracts/catalog.ts";
import type { AvailabilityStatus } from "../../src/domain/availability.ts";
import { availabilityLabel, buyLabel, canBeBought, choiceNote } from "../availability-label.ts";
import { callApi } from "./api.ts";
import { announce } from "./live-region.ts";
import { poll } from "./poll.ts";
import { nextTryMs } from "./retry-after.ts";
import { setText, show } from "./show.ts";

/** Between two looks: 2 to 5 seconds, spread so that pages opened together do not ask together. */
const EVERY_MS = 2000;
const SPREAD_MS = 3000;
/** Right after a drop opened, copies of older figures may still say "coming soon": they are not believed for so long. */
const OLD_FIGURES_MS = 5000;
/** By the page's stopwatch, ms. */
let comingSoonIsOldUntil = 0;
/** What the API takes in one request. */
const MAX_SKUS = 50;

/** Follows the SKUs that are on the page at each round. Ends where there are none. */
export function followStock(): void {
  if (skusOnPage().length === 0) return;
  let failures = 0;
  poll(
    async () => {
      const skus = skusOnPage();
      if (skus.length === 0) return null;
      const query = new URLSearchParams(skus.map((sku): [string, string] => ["sku", sku]));
      const result = await callApi<AvailabilityList>("GET", `/api/availability?${query.toString()}`);
      if (!result.ok) {
        failures += 1;
        return nextTryMs(failures, result.retryAfterMs, Math.random());
      }
      failures = 0;
      for (const item of result.value.items)
        if (item.status !== "coming_soon" || performance.now() >= comingSoonIsOldUntil) showStock(item);
      return EVERY_MS + Math.random() * SPREAD_MS;
    },
    200 + Math.random() * 800,
  );
}

function skusOnPage(): string[] {
  const skus = new Set<string>();
  for (const element of document.querySelectorAll<HTMLElement>("[data-stock-sku]")) {
    const sku = element.dataset["stockSku"];
    if (sku !== undefined && sku !== "") skus.add(sku);
  }
  return [...skus].slice(0, MAX_SKUS);
}

/** Brings one SKU's labels up to date, and the buy button where this SKU is the one chosen. */
export function showStock({
  sku,
  status,
  available,
}: Omit<AvailabilityItem, "available"> & { available: number | null }): void {
  for (const element of document.querySelectorAll<HTMLElement>(`[data-stock-sku="${CSS.escape(sku)}"]`)) {
    element.dataset["status"] = status;
    const text = element.querySelector("[data-stock-text]");
    if (text !== null) setText(text, availabilityLabel(status, available));
    const note = element.querySelector("[data-stock-note]");
    if (note !== null) setText(note, choiceNote(status, available));
  }
  const form = document.querySelector<HTMLFormElement>("[data-add-to-cart]");
  if (form !== null && new FormData(form).get("sku") === sku) updateBuyButton(form, status);
}

function updateBuyButton(form: HTMLFormElement, status: AvailabilityStatus): void {
  const button = form.querySelector<HTMLButtonElement>("[data-buy-button]");
  if (button === null || button.dataset["busy"] !== undefined) return;
  const wasOpen = !button.disabled;
  const isOpen = canBeBought(status);
  button.disabled = !isOpen;
  setText(button, buyLabel(status));
  show(document.querySelector('[data-stock-notice="restock"]'), status === "sold_out");
  if (wasOpen && !isOpen) announce("This choice is sold out.");
  if (!wasOpen && isOpen) announce("This choice can be bought now.");
}

/** Opens the SKUs of a drop at its moment, before the next figures arrive: the sale itself decides in any case. */
export function openDrop(): void {
  comingSoonIsOldUntil = performance.now() + OLD_FIGURES_MS;
  for (const element of document.querySelectorAll<HTMLElement>(
    '[data-stock-sku][data-status="coming_soon"]',
  )) {
    const sku = element.dataset["stockSku"];
    if (sku !== undefined) showStock({ sku, status: "in_stock", available: null });
  }
}
