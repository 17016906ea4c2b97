/** One order as staff see it: how it stands from its shard, and the rest from Postgres, a moment behind. */
import { isOrderId } from "../../adapters/signing/index.ts";
import { readOrderDossier, type OrderDossier } from "../../adapters/postgres/order-dossier.ts";
import type { OpsOrderDetail } from "../../contracts/ops-orders.ts";
import type { OrderRecord } from "../../domain/order/record.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";
import { forReaders } from "../middleware/ops-access.ts";
import { problem } from "../middleware/problem.ts";
import { orderView, timestamp } from "../order-view.ts";
import { pathParameter, register, type App } from "../routes/register.ts";
import { disputeView, fraudWarningView, refusedOperationView } from "./money-views.ts";
import { opsParcelView } from "./parcels.ts";

export function registerOpsOrderDetail(app: App): void {
  register(app, "getOrderForStaff", forReaders(detail));
}

async function detail(c: AppContext): Promise<Response> {
  const orderId = pathParameter(c, "id");
  const { orders, signing, database } = servicesOf(c.env);
  if (!isOrderId(signing, orderId)) return problem(c, "not_found");
  const record = await orders.of(orderId).read();
  if (record === null) return problem(c, "not_found");
  const dossier = await readOrderDossier(database, orderId);
  return c.json({ ...fromShard(record, Date.now()), ...fromPostgres(dossier) } satisfies OpsOrderDetail);
}

function fromShard(record: OrderRecord, now: number) {
  return { ...orderView(record, now), parcels: record.parcels.map(opsParcelView) };
}

function fromPostgres(dossier: OrderDossier | null) {
  const erasedAt = dossier?.erasedAt ?? null;
  const warning = dossier?.fraudWarning ?? null;
  return {
    storedVersion: dossier?.version ?? null,
    email: dossier?.email ?? null,
    shippingAddress: dossier?.shippingAddress ?? null,
    erasedAt: erasedAt === null ? null : timestamp(erasedAt),
    payments: (dossier?.payments ?? []).map(
      ({ intentId, decision, amountMinor, capturedMinor, refundedMinor, lastErrorCode }) => ({
        intentId,
        decision,
        amount: amountMinor,
        captured: capturedMinor,
        refunded: refundedMinor,
        lastErrorCode,
      }),
    ),
    refunds: (dossier?.refunds ?? []).map(
      ({ amountMinor, shippingMinor, lines, requestedAt, updatedAt, ...refund }) => ({
        ...refund,
        amount: amountMinor,
        shipping: shippingMinor,
        lines: lines.map(({ sku, quantity, amountMinor: amount }) => ({ sku, quantity, amount })),
        requestedAt: timestamp(requestedAt),
        updatedAt: timestamp(updatedAt),
      }),
    ),
    disputes: (dossier?.disputes ?? []).map(disputeView),
    fraudWarning: warning === null ? null : fraudWarningView(warning),
    refusedOperations: (dossier?.refusedOperations ?? []).map(refusedOperationView),
    emails: (dossier?.emails ?? []).map(({ sentAt, ...email }) => ({ ...email, sentAt: timestamp(sentAt) })),
    audit: (dossier?.audit ?? []).map(({ at, details, ...entry }) => ({
      ...entry,
      at: timestamp(at),
      details: { ...details },
    })),
  };
}
