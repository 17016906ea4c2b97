/** The cart page. */
import { submitOnChange } from "../forms.ts";
import { followStock } from "../stock-figures.ts";

submitOnChange();
followStock();
