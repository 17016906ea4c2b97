/** An order's page. */
import { afterLoad } from "../after-load.ts";
import { fillCartCount } from "../cart-count.ts";
import { startHoldCountdown } from "../hold-countdown.ts";
import { localiseTimes } from "../local-time.ts";
import { followOrder } from "../order-follower.ts";
import { forgetSavedCheckout } from "../saved-checkout.ts";
import { show } from "../show.ts";
import { followStock } from "../stock-figures.ts";
import { loadSearchWhenNeeded } from "../search-loader.ts";

/** From here on nothing of the checkout is needed again. */
const PAID = ["authorised", "paid", "shipped", "delivered", "refunded"];

/** A button that only this script can make do something is not there without it. */
function offerPrinting(root: ParentNode): void {
  const button = root.querySelector("[data-print]");
  show(button);
  button?.addEventListener("click", () => {
    window.print();
  });
}

/** Stripe's return adds a client secret to the address: it has no business in the history. */
function tidyAddress(): void {
  const address = new URL(location.href);
  if (!address.searchParams.has("payment_intent_client_secret")) return;
  const failed = address.searchParams.get("redirect_status") === "failed";
  history.replaceState(null, "", failed ? address.pathname : `${address.pathname}?payment=submitted`);
}

const bringToLife = (root: ParentNode) => {
  localiseTimes(root);
  offerPrinting(root);
  const status = document.querySelector<HTMLElement>("[data-order-status]")?.dataset["orderStatus"] ?? "";
  if (PAID.includes(status)) forgetSavedCheckout();
  if (root.querySelector("[data-stock-sku]") !== null) followStock();
  startHoldCountdown(root, () => {
    follower.lookNow();
  });
};

tidyAddress();
const follower = followOrder((part) => {
  bringToLife(part);
  // A paid order has emptied the cart it came from.
  void fillCartCount();
});
bringToLife(document);
void fillCartCount();
afterLoad();
loadSearchWhenNeeded();
