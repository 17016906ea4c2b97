/** The product page. */
import { afterLoad } from "../after-load.ts";
import { enhanceAddToCart } from "../add-to-cart.ts";
import { fillCartCount } from "../cart-count.ts";
import { startCountdowns } from "../countdown.ts";
import { enhanceGallery } from "../gallery.ts";
import { localiseTimes } from "../local-time.ts";
import { enhanceOptionLinks } from "../option-links.ts";
import { loadSearchWhenNeeded } from "../search-loader.ts";
import { followStock, openDrop } from "../stock-figures.ts";
import { enhanceStockNotices } from "../stock-notice.ts";
import { enhanceWishes, knowWishes, showWishes } from "../wishlist.ts";

const bringToLife = (root: ParentNode) => {
  localiseTimes(root);
  startCountdowns(root, openDrop);
  enhanceGallery(root);
  showWishes(root);
};

bringToLife(document);
enhanceAddToCart();
enhanceWishes();
enhanceOptionLinks(bringToLife);
enhanceStockNotices(bringToLife);
followStock();
void fillCartCount().then(knowWishes);
afterLoad();
loadSearchWhenNeeded();
