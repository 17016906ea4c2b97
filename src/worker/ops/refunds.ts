/** Refunds and cancellations by staff: taken by the order itself, done at Stripe by the payments queue. */
import type { OpsPrincipal } from "../../adapters/access/access.ts";
import {
  CancellationBody,
  RefundBody,
  type CancellationAnswer,
  type RefundAnswer,
} from "../../contracts/ops-orders.ts";
import type { StaffCancelOutcome } from "../../domain/order/cancelling.ts";
import type { Refund, RefundOutcome } from "../../domain/order/refunds.ts";
import type { AppContext } from "../app-env.ts";
import { forWriters } from "../middleware/ops-access.ts";
import { problem } from "../middleware/problem.ts";
import { readJson, refuseBody } from "../middleware/request-body.ts";
import { register, type App } from "../routes/register.ts";
import { commandOnOrder, unknownSku } from "./order-command.ts";

export function registerOpsRefunds(app: App): void {
  register(app, "refundOrder", forWriters(refund));
  register(app, "cancelOrderByStaff", forWriters(cancel));
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
    (outcome) =>
      outcome.ok
        ? c.json({ refund: viewOf(outcome.refund) } satisfies RefundAnswer, 202)
        : refuse(c, outcome),
  );
}

async function cancel(c: AppContext, principal: OpsPrincipal): Promise<Response> {
  const body = await readJson(c.req.raw, CancellationBody);
  if (!body.ok) return refuseBody(c, body);
  const { id, reason, restock } = body.value;
  return await commandOnOrder(
    c,
    principal,
    { action: "order.cancel", reason, details: { id, restock } },
    async (order): Promise<StaffCancelOutcome | null> => await order.cancelByStaff({ id, restock }),
    (outcome) => {
      if (!outcome.ok) return refuse(c, outcome);
      const answer = { refund: outcome.refund === null ? null : viewOf(outcome.refund) };
      return c.json(answer satisfies CancellationAnswer, 202);
    },
  );
}

const viewOf = ({ id, amountMinor, status }: Refund): RefundAnswer["refund"] => ({
  id,
  amount: amountMinor,
  status,
});

function refuse(c: AppContext, outcome: Extract<StaffCancelOutcome, { ok: false }>): Response {
  switch (outcome.reason) {
    case "exceeds_captured":
      return problem(c, "exceeds_captured", {
        detail: `${outcome.leftMinor} is left to refund, in minor units, and only units that are not refunded yet.`,
      });
    case "disputed":
    case "payment_in_progress":
    case "order_closed":
    case "too_many_refunds":
      return problem(c, outcome.reason);
    case "id_reused":
      return problem(c, "validation_failed", {
        errors: [{ path: "id", message: "was used for another refund of this order" }],
      });
    case "unknown_sku":
      return unknownSku(c);
  }
}
