/** The checkout page. */
import { afterLoad } from "../after-load.ts";
import { fillCartCount } from "../cart-count.ts";
import { checkForm } from "../checkout-form.ts";
import { submitOnce } from "../forms.ts";
import { localiseTimes } from "../local-time.ts";
import { keepCheckout } from "../saved-checkout.ts";

const form = document.querySelector<HTMLFormElement>("[data-checkout]");
if (form !== null) {
  keepCheckout(form);
  // Before `submitOnce`, which leaves alone what this one stops.
  checkForm(form);
}
localiseTimes(document);
submitOnce();
void fillCartCount();
afterLoad();
