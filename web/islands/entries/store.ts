/** Home, lists and plain pages. */
import { afterLoad } from "../after-load.ts";
import { fillCartCount } from "../cart-count.ts";
import { startCountdowns } from "../countdown.ts";
import { localiseTimes } from "../local-time.ts";
import { loadSearchWhenNeeded } from "../search-loader.ts";
import { followServerTime } from "../server-time.ts";
import { tryAgainWhenAsked } from "../wait.ts";

localiseTimes(document);
startCountdowns(document);
followServerTime();
void fillCartCount();
tryAgainWhenAsked();
afterLoad();
loadSearchWhenNeeded();
