/** The heart on a product's page: shows what is on the wish list, and puts it there or takes it off without leaving the page. */
import type { WishedSkus } from "../../src/contracts/profile.ts";
import type { Shopper } from "../../src/contracts/shopper.ts";
import { callApi } from "./api.ts";
import { announce } from "./live-region.ts";
import { setText } from "./show.ts";

/** SKUs on the list of whoever is signed in; null while nobody is known to be. */
let wished: ReadonlySet<string> | null = null;

/** @param shopper null where nothing is known: the heart then is a form that leads to the list, or to signing in */
export function knowWishes(shopper: Shopper | null): void {
  if (shopper === null || shopper.name === null) return;
  wished = new Set(shopper.wishlist);
  showWishes(document);
}

/** Fills the heart of a part of the page that is new. */
export function showWishes(root: ParentNode): void {
  const form = root.querySelector<HTMLFormElement>("[data-wish]");
  if (form === null || wished === null) return;
  const isWished = wished.has(skuOf(form));
  form.toggleAttribute("data-wished", isWished);
  setText(form.querySelector("[data-wish-text]"), isWished ? "Remove from wish list" : "Add to wish list");
}

/** Listens on the document, because the form is replaced when another option is chosen. */
export function enhanceWishes(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset["wish"] === undefined || wished === null) return;
    event.preventDefault();
    void toggle(form, skuOf(form), wished.has(skuOf(form)));
  });
}

function skuOf(form: HTMLFormElement): string {
  const sku = new FormData(form).get("sku");
  return typeof sku === "string" ? sku : "";
}

async function toggle(form: HTMLFormElement, sku: string, isWished: boolean): Promise<void> {
  const path = `/api/wishlist/${encodeURIComponent(sku)}`;
  const answer = await callApi<WishedSkus>(isWished ? "DELETE" : "PUT", path);
  if (!answer.ok) {
    // The plain form asks the server to do it and shows its answer: a full list, or somebody signed out meanwhile.
    if (!isWished) form.submit();
    else announce("That did not work. Please try again.");
    return;
  }
  wished = new Set(answer.value.skus);
  showWishes(document);
  announce(isWished ? "Taken off your wish list." : "Added to your wish list.");
}
