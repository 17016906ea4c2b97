/** The checkout page. */
import { afterLoad } from "../after-load.ts";
import { fillCartCount } from "../cart-count.ts";
import { checkForm } from "../checkout-form.ts";
import { followAddress } from "../checkout-totals.ts";
import { submitOnce } from "../forms.ts";
import { localiseTimes } from "../local-time.ts";
import { checkPersons } from "../person-check.ts";
import { keepCheckout } from "../saved-checkout.ts";

const form = document.querySelector<HTMLFormElement>("[data-checkout]");
if (form !== null) {
  keepCheckout(form);
  // Before `submitOnce`, which leaves alone what this one stops.
  checkForm(form);
  followAddress(form);
}
localiseTimes(document);
checkPersons();
submitOnce();
void fillCartCount();
afterLoad();
