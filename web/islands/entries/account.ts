/** The pages of an account, and those that lead into it. */
import { afterLoad } from "../after-load.ts";
import { fillCartCount } from "../cart-count.ts";
import { submitOnce } from "../forms.ts";
import { localiseTimes } from "../local-time.ts";
import { checkPersons } from "../person-check.ts";
import { offerNewPasskey, offerPasskeySignIn } from "../passkeys.ts";
import { loadSearchWhenNeeded } from "../search-loader.ts";

localiseTimes(document);
checkPersons();
submitOnce();
offerPasskeySignIn();
offerNewPasskey();
void fillCartCount();
afterLoad();
loadSearchWhenNeeded();
