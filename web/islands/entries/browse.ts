/** Lists and search results. */
import { afterLoad } from "../after-load.ts";
import { enhanceBrowsing } from "../browse.ts";
import { fillCartCount } from "../cart-count.ts";
import { loadSearchWhenNeeded } from "../search-loader.ts";

enhanceBrowsing();
loadSearchWhenNeeded();
void fillCartCount();
afterLoad();
