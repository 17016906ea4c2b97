/** Puts a SKU into the cart without leaving the page; where that fails for an unclear reason, the form is sent as it is. */
import type { CartView } from "../../src/contracts/catalog.ts";
import { callApi, type ApiResult } from "./api.ts";
import { showCartCount, unitsIn } from "./cart-count.ts";
import { SHOPPER_HINT_COOKIE } from "../../src/domain/shopper-hint.ts";
import { COOKIES_NEEDED } from "../cart-check.ts";
import { buyLabel } from "../availability-label.ts";
import { show } from "./show.ts";

/** Takes over the buy form. Listens on the document, because the form is replaced when another option is chosen. */
export function enhanceAddToCart(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset["addToCart"] === undefined) return;
    event.preventDefault();
    void add(form);
  });
}

async function add(form: HTMLFormElement): Promise<void> {
  const data = new FormData(form);
  const sku = data.get("sku");
  const wanted = Number(data.get("quantity"));
  const most = Number(form.dataset["most"] ?? "1");
  const button = form.querySelector<HTMLButtonElement>("[data-buy-button]");
  if (button === null || button.disabled || button.dataset["busy"] !== undefined) return;
  if (typeof sku !== "string") return;
  button.dataset["busy"] = "";
  // Not `disabled`: that would take the keyboard's focus away.
  button.setAttribute("aria-disabled", "true");
  button.textContent = "Adding…";

  const outcome = await addUnits(sku, wanted, most);

  delete button.dataset["busy"];
  button.removeAttribute("aria-disabled");
  button.textContent = buyLabel("in_stock");
  if (outcome === null) {
    // The plain form asks the server to do it and shows its answer.
    form.submit();
    return;
  }
  say(form, outcome);
}

/** The hint comes with every cart: without it the cart's own cookie, which no script can read, was not kept either. */
function isCookieKept(name: string): boolean {
  return document.cookie.includes(`__Host-${name}=`);
}

interface Outcome {
  readonly text: string;
  readonly good: boolean;
}

/** `PUT` sets a line, so what is there already is looked up first. Null: unclear, leave it to the form. */
async function addUnits(sku: string, wanted: number, most: number): Promise<Outcome | null> {
  const before = await callApi<CartView>("GET", "/api/cart");
  if (!before.ok) return null;
  const inCart = before.value.lines.find((line) => line.sku === sku)?.quantity ?? 0;
  const quantity = Math.min(inCart + wanted, most);
  if (inCart >= most)
    return { text: `Your cart has ${inCart} of these already, the most one customer can buy.`, good: false };
  const after: ApiResult<CartView> = await callApi<CartView>(
    "PUT",
    `/api/cart/lines/${encodeURIComponent(sku)}`,
    { quantity },
  );
  if (!after.ok) {
    const detail = after.problem?.detail;
    return after.status === 409 && detail !== undefined ? { text: detail, good: false } : null;
  }
  if (!isCookieKept(SHOPPER_HINT_COOKIE)) return { text: COOKIES_NEEDED, good: false };
  showCartCount(unitsIn(after.value));
  const added = quantity - inCart;
  if (added < wanted)
    return { text: `Added ${added}: ${most} is the most one customer can buy.`, good: true };
  return { text: added === 1 ? "Added to your cart." : `Added ${added} to your cart.`, good: true };
}

function say(form: HTMLFormElement, outcome: Outcome): void {
  const result = form.querySelector<HTMLElement>("[data-cart-result]");
  if (result === null) return;
  const text = document.createElement("span");
  text.textContent = outcome.text;
  const link = document.createElement("a");
  link.href = "/cart";
  link.textContent = "View cart";
  result.replaceChildren(text, link);
  result.dataset["tone"] = outcome.good ? "success" : "warning";
  show(result);
}
