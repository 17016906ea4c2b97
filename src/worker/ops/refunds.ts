/** Refunds by staff: taken by the order itself, done at Stripe by the payments queue. */
import type { OpsPrincipal } from "../../adapters/access/access.ts";
import { RefundBody, type RefundAnswer } from "../../contracts/ops-orders.ts";
import type { RefundOutcome } from "../../domain/order/refunds.ts";
import type { AppContext } from "../app-env.ts";
import { forWriters } from "../middleware/ops-access.ts";
import { problem } from "../middleware/problem.ts";
import { readJson, refuseBody } from "../middleware/request-body.ts";
import { register, type App } from "../routes/register.ts";
import { commandOnOrder } from "./order-command.ts";

export function registerOpsRefunds(app: App): void {
  register(app, "refundOrder", forWriters(refund));
}

async function refund(c: AppContext, principal: OpsPrincipal): Promise<Response> {
  const body = await readJson(c.req.raw, RefundBody);
  if (!body.ok) return refuseBody(c, body);
  const { reason, amount, ...wanted } = body.value;
  return await commandOnOrder(
    c,
    principal,
    { action: "order.refund", reason, details: { ...wanted, amount: amount ?? null } },
    async (order): Promise<RefundOutcome | null> =>
      await order.requestRefund({ ...wanted, amountMinor: amount, cause: "ops" }),
    (outcome) => answer(c, outcome),
  );
}

function answer(c: AppContext, outcome: RefundOutcome): Response {
  if (outcome.ok) {
    const { id, amountMinor, status } = outcome.refund;
    return c.json({ refund: { id, amount: amountMinor, status } } satisfies RefundAnswer, 202);
  }
  switch (outcome.reason) {
    case "exceeds_captured":
      return problem(c, "exceeds_captured", {
        detail: `${outcome.leftMinor} is left to refund, in minor units, and no more units than were not refunded yet.`,
      });
    case "disputed":
      return problem(c, "disputed");
    case "payment_in_progress":
      return problem(c, "payment_in_progress");
    case "too_many_refunds":
      return problem(c, "too_many_refunds");
    case "id_reused":
      return problem(c, "validation_failed", {
        errors: [{ path: "id", message: "was used for another refund of this order" }],
      });
    case "unknown_sku":
      return problem(c, "validation_failed", {
        errors: [{ path: "lines", message: "name a SKU that the order does not have" }],
      });
  }
}
