/** The checkout page. */
import { fillCartCount } from "../cart-count.ts";
import { submitOnce } from "../forms.ts";
import { localiseTimes } from "../local-time.ts";

localiseTimes(document);
submitOnce();
void fillCartCount();
