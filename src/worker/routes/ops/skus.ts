/** A SKU's figures and their correction. The one place outside placement that asks a SKU's object. */
import type { OpsPrincipal } from "../../../adapters/access/access.ts";
import { Sku } from "../../../contracts/catalog.ts";
import type { AdjustOutcome } from "../../../domain/inventory/rules.ts";
import type { SkuFigures as Figures } from "../../../durable-objects/sku-inventory/sku-inventory.ts";
import type { AppContext } from "../../app-env.ts";
import { audited } from "../../audited.ts";
import { servicesOf } from "../../compose.ts";
import { forManagers, forReaders } from "../../middleware/ops-access.ts";
import { problem } from "../../middleware/problem.ts";
import { readJson, refuseBody } from "../../middleware/request-body.ts";
import { AdjustmentBody, type SkuFigures } from "../../openapi/schemas.ts";
import { pathParameter, register, type App } from "../register.ts";

export function registerOpsSkus(app: App): void {
  register(app, "getSkuFigures", forReaders(getSkuFigures));
  register(app, "adjustSku", forManagers(adjustSku));
}

async function getSkuFigures(c: AppContext): Promise<Response> {
  const sku = await knownSku(c);
  if (sku === null) return problem(c, "not_found");
  return c.json(figuresOf(sku, await c.env.SKU_INVENTORY.getByName(sku).peek()));
}

async function adjustSku(c: AppContext, principal: OpsPrincipal): Promise<Response> {
  const body = await readJson(c.req.raw, AdjustmentBody);
  if (!body.ok) return refuseBody(c, body);
  const sku = await knownSku(c);
  if (sku === null) return problem(c, "not_found");
  const { id, delta, reason } = body.value;
  const object = c.env.SKU_INVENTORY.getByName(sku);
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
  return c.json(figuresOf(sku, await object.peek()));
}

/** The SKU of the path, where the catalog has it: a stranger's name never reaches an object. */
async function knownSku(c: AppContext): Promise<string | null> {
  const parsed = Sku.safeParse(pathParameter(c, "sku"));
  if (!parsed.success) return null;
  return (await servicesOf(c.env).catalog.sku(parsed.data)) === null ? null : parsed.data;
}

/** A SKU whose object was never configured has no units yet. */
function figuresOf(sku: string, figures: Figures | null): SkuFigures {
  if (figures === null)
    return { sku, available: 0, held: 0, sold: 0, received: 0, adjusted: 0, ledgerSequence: 0 };
  const { available, held, sold, received, adjusted, ledgerSequence } = figures;
  return { sku, available, held, sold, received, adjusted, ledgerSequence };
}
