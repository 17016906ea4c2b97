/** The orders' side: every order of a shard against its copy in Postgres, its units at the SKUs, and a payment that Stripe did not list. */
import type { Run } from "../../adapters/postgres/reconciliations.ts";
import { historyDrift, moneyMissing, unitDrift, type Drift } from "../../domain/reconciliation/drift.ts";
import type { OrderFacts } from "../../domain/reconciliation/facts.ts";
import { forEachBounded } from "../bounded-concurrency.ts";
import type { Step } from "./consumer.ts";
import type { ReconciliationDeps } from "./deps.ts";

/** SKU objects called at once. */
const SKU_CONCURRENCY = 10;
/** Intents read one by one in a step: those that Stripe has and did not list are few. */
const MAX_UNLISTED = 100;

/** A page of a shard's orders. */
export async function comparedOrders(run: Run, deps: ReconciliationDeps): Promise<Step> {
  const { orders, next } = await pageOf(run, deps);
  const suspects = new Set((await compare(orders, deps)).map(({ orderId }) => orderId));
  // Read once more: what two parts said at different moments is no difference yet.
  const again = await deps.findOrders(
    orders.map(({ orderId }) => orderId).filter((orderId) => suspects.has(orderId)),
  );
  const findings = await compare(again.filter(isRead), deps);
  await repair(findings, deps);
  if (run.scope === "full") findings.push(...(await unlisted(run, orders, deps)));
  return { findings, next };
}

/** A page of a shard's orders, which send their snapshots again. */
export async function resentOrders(run: Run, deps: ReconciliationDeps): Promise<Step> {
  const { orders, next } = await pageOf(run, deps);
  await deps.resendOrders(orders.map(({ orderId }) => orderId));
  return { findings: [], next };
}

async function pageOf(
  { cursor, since }: Run,
  deps: ReconciliationDeps,
): Promise<{ readonly orders: readonly OrderFacts[]; readonly next: Step["next"] }> {
  const shard = deps.shardNames[cursor.shard];
  if (shard === undefined) return { orders: [], next: null };
  const page = await deps.ordersOf(shard, { after: cursor.after ?? "", since: since?.getTime() ?? null });
  return { orders: page.orders, next: page.next === null ? null : { ...cursor, after: page.next } };
}

const isRead = (order: OrderFacts | null | "unreadable"): order is OrderFacts =>
  order !== null && order !== "unreadable";

async function compare(orders: readonly OrderFacts[], deps: ReconciliationDeps): Promise<Drift[]> {
  if (orders.length === 0) return [];
  const versions = await deps.copiedVersions(orders.map(({ orderId }) => orderId));
  const findings = orders.flatMap((order) => historyDrift(order, versions.get(order.orderId) ?? null));
  const bySku = new Map<string, OrderFacts[]>();
  for (const order of orders) {
    for (const { sku } of order.lines) bySku.set(sku, [...(bySku.get(sku) ?? []), order]);
  }
  await forEachBounded([...bySku], SKU_CONCURRENCY, async ([sku, own]) => {
    const units = await deps.unitsAt(
      sku,
      own.map(({ orderId }) => orderId),
    );
    for (const [index, order] of own.entries()) {
      const at = units[index];
      if (at !== undefined) findings.push(...unitDrift(order, sku, at));
    }
  });
  return findings;
}

async function repair(drifts: readonly Drift[], deps: ReconciliationDeps): Promise<void> {
  const resent = drifts.flatMap(({ action, orderId }) =>
    action === "resent" && orderId !== null ? [orderId] : [],
  );
  if (resent.length > 0) await deps.resendOrders(resent);
  for (const { action, sku, orderId } of drifts) {
    if (action === "settled" && sku !== null && orderId !== null) await deps.settleAt(sku, orderId);
  }
}

/** Orders that were paid by an intent that this run's list of all intents did not show. */
async function unlisted(run: Run, orders: readonly OrderFacts[], deps: ReconciliationDeps): Promise<Drift[]> {
  const paid = orders.filter(({ intentId, capturedMinor }) => intentId !== null && capturedMinor > 0);
  const listed = await deps.listedSince(
    paid.flatMap(({ intentId }) => intentId ?? []),
    run.startedAt.getTime(),
  );
  const findings: Drift[] = [];
  for (const order of paid.filter(({ intentId }) => !listed.has(intentId ?? "")).slice(0, MAX_UNLISTED)) {
    if ((await deps.readMoney(order.intentId ?? "")) === null) findings.push(...moneyMissing(order));
  }
  return findings;
}
