/** Every page of the store. */
import type { App } from "../register.ts";
import { registerCartPages } from "./cart.tsx";
import { registerCatalogPages } from "./catalog.tsx";
import { registerCheckoutPages } from "./checkout.tsx";
import { registerFindability } from "./findability.ts";
import { registerInformationPages } from "./information.tsx";
import { registerOrderPages } from "./orders.tsx";
import { registerSearchPages } from "./search.tsx";

export function registerPages(app: App): void {
  registerCatalogPages(app);
  registerSearchPages(app);
  registerCartPages(app);
  registerCheckoutPages(app);
  registerOrderPages(app);
  registerInformationPages(app);
  registerFindability(app);
}
