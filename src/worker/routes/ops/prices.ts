/** Changing a price: in Postgres, then in the SKU's object, and then on the pages that show it. */
import type { OpsPrincipal } from "../../../adapters/access/access.ts";
import { readNewestCatalogVersion } from "../../../adapters/postgres/catalog.ts";
import { changePrice, type PriceChangeOutcome } from "../../../adapters/postgres/prices.ts";
import { Sku } from "../../../contracts/catalog.ts";
import type { AppContext } from "../../app-env.ts";
import { audited } from "../../audited.ts";
import { servicesOf } from "../../compose.ts";
import { forManagers } from "../../middleware/ops-access.ts";
import { problem } from "../../middleware/problem.ts";
import { readJson, refuseBody } from "../../middleware/request-body.ts";
import { PriceBody, type SkuPrice } from "../../openapi/schemas.ts";
import { pathParameter, register, type App } from "../register.ts";

export function registerOpsPrices(app: App): void {
  register(app, "changePrice", forManagers(putPrice));
}

async function putPrice(c: AppContext, principal: OpsPrincipal): Promise<Response> {
  const body = await readJson(c.req.raw, PriceBody);
  if (!body.ok) return refuseBody(c, body);
  const { catalog, database } = servicesOf(c.env);
  const parsed = Sku.safeParse(pathParameter(c, "sku"));
  if (!parsed.success || (await catalog.slugOf(parsed.data)) === null) return problem(c, "not_found");
  const sku = parsed.data;
  const { id, amount, currency, reason } = body.value;
  const change = await audited(
    c,
    principal,
    { action: "price.change", subject: sku, reason, details: { id, amount, currency } },
    async (): Promise<PriceChangeOutcome> =>
      await changePrice(database, { sku, id, unitAmountMinor: amount, currency }),
  );
  if (!change.ok) return problem(c, "temporarily_unavailable", { detail: change.detail });
  if (!change.outcome.ok) return problem(c, "validation_failed", { errors: [ERRORS[change.outcome.reason]] });
  await catalog.changed(await readNewestCatalogVersion(database));
  return c.json(await applied(c, sku));
}

const ERRORS = {
  id_reused: { path: "id", message: "was used for another price of this SKU" },
  other_currency: { path: "currency", message: "is not the currency this SKU is sold in" },
} as const;

/** The price as the catalog has it now; the SKU's object, which judges at the hold, learns it too. */
async function applied(c: AppContext, sku: string): Promise<SkuPrice> {
  const { catalog, skuObject } = servicesOf(c.env);
  const found = await catalog.sku(sku);
  if (found === null) throw new Error("a SKU whose price was changed has left the catalog");
  const { initialStock, ...terms } = found.terms;
  await skuObject(sku).configure({ terms, initialStock });
  return { sku, price: found.sku.price };
}
