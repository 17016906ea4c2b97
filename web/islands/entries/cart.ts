/** The cart page. */
import { afterLoad } from "../after-load.ts";
import { fillCartCount } from "../cart-count.ts";
import { enhanceCart } from "../cart-forms.ts";
import { localiseTimes } from "../local-time.ts";
import { loadSearchWhenNeeded } from "../search-loader.ts";
import { followStock } from "../stock-figures.ts";

localiseTimes(document);
enhanceCart();
followStock();
void fillCartCount();
afterLoad();
loadSearchWhenNeeded();
