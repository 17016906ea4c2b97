/** A command of staff on one order: its id checked, its entry in the audit log, then the order itself. */
import type { OpsPrincipal } from "../../adapters/access/access.ts";
import { isOrderId } from "../../adapters/signing/index.ts";
import type { OrderClient } from "../../durable-objects/order-shard/order-shards.ts";
import type { AppContext } from "../app-env.ts";
import { audited, type AuditedCommand } from "../audited.ts";
import { servicesOf } from "../compose.ts";
import { problem } from "../middleware/problem.ts";
import { pathParameter } from "../routes/register.ts";

/**
 * @param run answers null where there is no such order
 * @returns 404 for an id that is none of ours, before any object is asked; 503 where the audit log cannot be written
 */
export async function commandOnOrder<Outcome extends object>(
  c: AppContext,
  principal: OpsPrincipal,
  command: Omit<AuditedCommand, "subject"> & {
    /** What the log keeps of the outcome; all of it where left out. */
    readonly logged?: (outcome: Outcome) => object;
  },
  run: (order: OrderClient) => Promise<Outcome | null>,
  answer: (outcome: Outcome) => Response | Promise<Response>,
): Promise<Response> {
  const orderId = pathParameter(c, "id");
  const { orders, signing } = servicesOf(c.env);
  if (!isOrderId(signing, orderId)) return problem(c, "not_found");
  const { logged = (outcome: Outcome): object => outcome } = command;
  const change = await audited(
    c,
    principal,
    { ...command, subject: orderId },
    async () => ({ outcome: await run(orders.of(orderId)) }),
    ({ outcome }) => ({ outcome: outcome === null ? null : logged(outcome) }),
  );
  if (!change.ok) return problem(c, "temporarily_unavailable", { detail: change.detail });
  const { outcome } = change.outcome;
  return outcome === null ? problem(c, "not_found") : await answer(outcome);
}

/** The answer to a command whose lines name a SKU of another order. */
export function unknownSku(c: AppContext): Response {
  return problem(c, "validation_failed", {
    errors: [{ path: "lines", message: "name a SKU that the order does not have" }],
  });
}
