/** Every page of the store. */
import type { App } from "../register.ts";
import { registerAccountAddresses } from "./account-addresses.tsx";
import { registerAccountData } from "./account-data.tsx";
import { registerAccountOrders } from "./account-orders.tsx";
import { registerPasswordPages } from "./account-password.tsx";
import { registerSecurityPages } from "./account-security.tsx";
import { registerSignInPages } from "./account-sign-in.tsx";
import { registerSignUpPages } from "./account-sign-up.tsx";
import { registerVerifyPages } from "./account-verify.tsx";
import { registerAccountWishlist } from "./account-wishlist.tsx";
import { registerAccountOverview } from "./account.tsx";
import { registerCartPages } from "./cart.tsx";
import { registerCatalogPages } from "./catalog.tsx";
import { registerCheckoutPages } from "./checkout.tsx";
import { registerCompare } from "./compare.tsx";
import { registerFindability } from "./findability.ts";
import { registerInformationPages } from "./information.tsx";
import { registerFindOrder } from "./order-lookup.tsx";
import { registerInvoicePages } from "./invoices.tsx";
import { registerOrderPages } from "./orders.tsx";
import { registerSearchPages } from "./search.tsx";
import { registerStockNotices } from "./stock-notices.tsx";

export function registerPages(app: App): void {
  registerCatalogPages(app);
  registerSearchPages(app);
  registerCompare(app);
  registerStockNotices(app);
  registerCartPages(app);
  registerCheckoutPages(app);
  registerFindOrder(app);
  registerOrderPages(app);
  registerInvoicePages(app);
  registerAccountOverview(app);
  registerSignInPages(app);
  registerSignUpPages(app);
  registerVerifyPages(app);
  registerPasswordPages(app);
  registerSecurityPages(app);
  registerAccountOrders(app);
  registerAccountAddresses(app);
  registerAccountWishlist(app);
  registerAccountData(app);
  registerInformationPages(app);
  registerFindability(app);
}
