/** Shipping and taxes: read by ops, replaced by managers, at once on the pages that show them. */
import type { OpsPrincipal } from "../../../adapters/access/access.ts";
import { readNewestCatalogVersion } from "../../../adapters/postgres/catalog.ts";
import { readRates, replaceShipping, replaceTaxes } from "../../../adapters/postgres/rates.ts";
import type { AppContext } from "../../app-env.ts";
import { audited } from "../../audited.ts";
import { servicesOf } from "../../compose.ts";
import { forManagers, forReaders } from "../../middleware/ops-access.ts";
import { problem } from "../../middleware/problem.ts";
import { readJson, refuseBody } from "../../middleware/request-body.ts";
import { ShippingBody, TaxesBody } from "../../openapi/schemas.ts";
import { register, type App } from "../register.ts";

export function registerOpsRates(app: App): void {
  register(
    app,
    "readRates",
    forReaders(async (c) => c.json(await readRates(servicesOf(c.env).database))),
  );
  register(app, "replaceShipping", forManagers(putShipping));
  register(app, "replaceTaxes", forManagers(putTaxes));
}

async function putShipping(c: AppContext, principal: OpsPrincipal): Promise<Response> {
  const body = await readJson(c.req.raw, ShippingBody);
  if (!body.ok) return refuseBody(c, body);
  const { revision, zones, reason } = body.value;
  return await replace(
    c,
    principal,
    { action: "shipping.replace", details: { revision, zones }, reason },
    () => replaceShipping(servicesOf(c.env).database, revision, zones),
  );
}

async function putTaxes(c: AppContext, principal: OpsPrincipal): Promise<Response> {
  const body = await readJson(c.req.raw, TaxesBody);
  if (!body.ok) return refuseBody(c, body);
  const { revision, taxes, reason } = body.value;
  return await replace(c, principal, { action: "taxes.replace", details: { revision, taxes }, reason }, () =>
    replaceTaxes(servicesOf(c.env).database, revision, taxes),
  );
}

interface Replacement {
  readonly action: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly reason: string;
}

async function replace(
  c: AppContext,
  principal: OpsPrincipal,
  command: Replacement,
  change: () => Promise<boolean>,
): Promise<Response> {
  const { catalog, database } = servicesOf(c.env);
  const done = await audited(c, principal, { ...command, subject: "rates" }, async () => ({
    isReplaced: await change(),
  }));
  if (!done.ok) return problem(c, "temporarily_unavailable", { detail: done.detail });
  if (!done.outcome.isReplaced) return problem(c, "validation_failed", { errors: [OUTDATED] });
  await catalog.changed(await readNewestCatalogVersion(database));
  return c.json(await readRates(database));
}

const OUTDATED = { path: "revision", message: "is not the newest: read the rates again" };
