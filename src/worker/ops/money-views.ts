/** How what banks and Stripe say against a payment reads over HTTP. */
import type { DisputeShown, FraudWarningShown, RefusedOperation } from "../../contracts/messages.ts";
import type { OpsOrderList } from "../openapi/schemas.ts";
import { timestamp } from "../order-view.ts";

type OpsOrder = OpsOrderList["items"][number];

export function disputeView(dispute: DisputeShown): OpsOrder["disputes"][number] {
  const { id, status, reason, amountMinor, evidenceDueAt, withdrawnMinor, openedAt } = dispute;
  return {
    id,
    status,
    reason,
    amount: amountMinor,
    evidenceDueAt: evidenceDueAt === null ? null : timestamp(evidenceDueAt),
    withdrawn: withdrawnMinor,
    openedAt: timestamp(openedAt),
  };
}

export function fraudWarningView(warning: FraudWarningShown): NonNullable<OpsOrder["fraudWarning"]> {
  const { id, type, isActionable, at } = warning;
  return { id, type, actionable: isActionable, at: timestamp(at) };
}

export function refusedOperationView(operation: RefusedOperation): OpsOrder["refusedOperations"][number] {
  const { kind, amountMinor, code, at } = operation;
  return { kind, amount: amountMinor, code, at: timestamp(at) };
}
