/** The payment page. */
import { afterLoad } from "../after-load.ts";
import { fillCartCount } from "../cart-count.ts";
import { localiseTimes } from "../local-time.ts";
import { startPaymentPage } from "../payment.ts";

localiseTimes(document);
startPaymentPage();
void fillCartCount();
afterLoad();
