/** A SKU's figures and their correction. The one place outside placement that asks a SKU's object. */
import type { OpsPrincipal } from "../../../adapters/access/access.ts";
import type { FoundSku } from "../../../adapters/catalog/catalog.ts";
import { Sku } from "../../../contracts/catalog.ts";
import type { AdjustOutcome } from "../../../domain/inventory/rules.ts";
import type { AppContext } from "../../app-env.ts";
import { audited } from "../../audited.ts";
import { servicesOf } from "../../compose.ts";
import { forManagers, forReaders } from "../../middleware/ops-access.ts";
import { problem } from "../../middleware/problem.ts";
import { readJson, refuseBody } from "../../middleware/request-body.ts";
import { AdjustmentBody, type SkuFigures, type SkuRequests } from "../../openapi/schemas.ts";
import { pathParameter, register, type App } from "../register.ts";

export function registerOpsSkus(app: App): void {
  register(app, "getSkuFigures", forReaders(getSkuFigures));
  register(app, "getSkuRequests", forReaders(getSkuRequests));
  register(app, "adjustSku", forManagers(adjustSku));
}

async function getSkuFigures(c: AppContext): Promise<Response> {
  const found = await knownSku(c);
  if (found === null) return problem(c, "not_found");
  return c.json(await figuresOf(c, found));
}

async function getSkuRequests(c: AppContext): Promise<Response> {
  const found = await knownSku(c);
  if (found === null) return problem(c, "not_found");
  const { sku } = found.sku;
  const { reads, calls, commands } = await servicesOf(c.env).skuObject(sku).requestCounts();
  return c.json({ sku, reads, calls, commands } satisfies SkuRequests);
}

async function adjustSku(c: AppContext, principal: OpsPrincipal): Promise<Response> {
  const body = await readJson(c.req.raw, AdjustmentBody);
  if (!body.ok) return refuseBody(c, body);
  const found = await knownSku(c);
  if (found === null) return problem(c, "not_found");
  const { sku } = found.sku;
  const { id, delta, reason } = body.value;
  const object = await configured(c, found);
  const change = await audited(
    c,
    principal,
    { action: "stock.adjust", subject: sku, reason, details: { id, delta } },
    async (): Promise<AdjustOutcome> => await object.adjust({ id, delta, reason }),
  );
  if (!change.ok) return problem(c, "temporarily_unavailable", { detail: change.detail });
  const { outcome } = change;
  if (!outcome.ok) {
    switch (outcome.reason) {
      case "below_committed":
        return problem(c, "below_committed", {
          detail: `${outcome.available} units are available: no more can be taken away.`,
          lines: [{ sku, requested: delta, available: outcome.available }],
        });
      case "id_reused":
        return problem(c, "validation_failed", {
          errors: [{ path: "id", message: "was used for another adjustment of this SKU" }],
        });
      case "not_configured":
        return problem(c, "not_found");
    }
  }
  return c.json(await figuresOf(c, found));
}

/** The SKU of the path, where the catalog has it: a stranger's name never reaches an object. */
async function knownSku(c: AppContext): Promise<FoundSku | null> {
  const parsed = Sku.safeParse(pathParameter(c, "sku"));
  return parsed.success ? await servicesOf(c.env).catalog.sku(parsed.data) : null;
}

/** The SKU's object; one that nobody has asked yet gets its terms and first stock from the catalog, as at a first sale. */
async function configured(c: AppContext, { sku, terms: { initialStock, ...terms } }: FoundSku) {
  const object = servicesOf(c.env).skuObject(sku.sku);
  if ((await object.peek()) === null) await object.configure({ terms, initialStock });
  return object;
}

async function figuresOf(c: AppContext, found: FoundSku): Promise<SkuFigures> {
  const object = servicesOf(c.env).skuObject(found.sku.sku);
  const figures = (await object.peek()) ?? (await (await configured(c, found)).peek());
  if (figures === null) throw new Error("a configured SKU has figures");
  const { sku, available, held, sold, received, adjusted, ledgerSequence } = figures;
  return { sku, available, held, sold, received, adjusted, ledgerSequence };
}
