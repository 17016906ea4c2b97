/** Stripe's side: every intent against its order, and of an incremental run those whose refunds or disputes are new. */
import { MESSAGE_VERSION, type StripeEventReceived } from "../../contracts/messages.ts";
import type { Run } from "../../adapters/postgres/reconciliations.ts";
import { moneyDrift, type Drift } from "../../domain/reconciliation/drift.ts";
import type { MoneyFacts } from "../../domain/reconciliation/facts.ts";
import type { Intent } from "../../domain/order/payment-operation.ts";
import { forEachBounded } from "../bounded-concurrency.ts";
import type { Step } from "./consumer.ts";
import type { ReconciliationDeps } from "./deps.ts";

/** Intents read one by one at once: a Worker has six connections. */
const READ_CONCURRENCY = 5;
/** An intent that is paid now was made up to so long ago: the payment window, and an outage of ours. */
const PAYMENT_PATIENCE_MS = 24 * 60 * 60 * 1000;

/** A page of intents. */
export async function intents(run: Run, deps: ReconciliationDeps): Promise<Step> {
  const { since, cursor } = run;
  const createdSince = since === null ? null : since.getTime() - PAYMENT_PATIENCE_MS;
  const { items, next } = await deps.listMoney({ after: cursor.after, createdSince });
  const ours = items.filter(({ orderId }) => deps.isOrderId(orderId));
  if (run.scope === "full") await deps.markListed(ours.map(({ intentId }) => intentId));
  const orders = await deps.findOrders(ours.map(({ orderId }) => orderId));
  const suspects = ours.filter((money, index) => {
    const order = orders[index];
    return order !== "unreadable" && moneyDrift(order ?? null, money).length > 0;
  });
  const findings = await confirmed(
    suspects.map(({ intentId }) => intentId),
    deps,
  );
  return { findings, next: next === null ? null : { ...cursor, after: next } };
}

/** The intents of a page of refunds or disputes, whenever those intents were made. */
export async function changedIntents(run: Run, deps: ReconciliationDeps): Promise<Step> {
  const { since, cursor } = run;
  const query = { after: cursor.after, createdSince: since?.getTime() ?? null };
  const { items, next } =
    cursor.part === "refunds" ? await deps.listRefundedIntents(query) : await deps.listDisputedIntents(query);
  const findings = await confirmed([...new Set(items)], deps);
  return { findings, next: next === null ? null : { ...cursor, after: next } };
}

/**
 * Reads each intent and its order once more, one right after the other: what the list and the order said at different moments is no
 * difference yet. What is one is repaired.
 */
async function confirmed(intentIds: readonly string[], deps: ReconciliationDeps): Promise<Drift[]> {
  const findings: Drift[] = [];
  await forEachBounded(intentIds, READ_CONCURRENCY, async (intentId) => {
    const read = await deps.readMoney(intentId);
    if (read === null || !deps.isOrderId(read.money.orderId)) return;
    const drifts = await driftOf(read.money, deps);
    await repair(drifts, read, deps);
    findings.push(...drifts);
  });
  return findings;
}

async function driftOf(money: MoneyFacts, deps: ReconciliationDeps): Promise<Drift[]> {
  const [order] = await deps.findOrders([money.orderId]);
  return order === "unreadable" ? [] : moneyDrift(order ?? null, money);
}

async function repair(
  drifts: readonly Drift[],
  { money, intent }: { readonly money: MoneyFacts; readonly intent: Intent },
  deps: ReconciliationDeps,
): Promise<void> {
  const isTold = drifts.some(({ action }) => action === "told");
  const isReviewed = drifts.some(({ action }) => action === "reviewed");
  if (!isTold && !isReviewed) return;
  await deps.sendPayments([
    {
      v: MESSAGE_VERSION,
      type: "stripe.event",
      // None of Stripe's events, and not named like one: the inbox does not record it.
      eventId: `reconciliation_${money.intentId}`,
      eventType: "reconciliation.drift_found",
      createdAt: deps.clock(),
      orderId: money.orderId,
      intent: isTold ? intent : null,
      aboutIntentId: isReviewed ? money.intentId : null,
    } satisfies StripeEventReceived,
  ]);
}
