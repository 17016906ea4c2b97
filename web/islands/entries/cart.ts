/** The cart page. */
import { afterLoad } from "../after-load.ts";
import { submitOnChange } from "../forms.ts";
import { loadSearchWhenNeeded } from "../search-loader.ts";
import { followStock } from "../stock-figures.ts";

submitOnChange();
followStock();
loadSearchWhenNeeded();
afterLoad();
