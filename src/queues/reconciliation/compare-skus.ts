/** The SKUs' side: every SKU's ledger against its copy in Postgres, and the orders that its units were sold to. */
import type { Run } from "../../adapters/postgres/reconciliations.ts";
import { ledgerDrift, soldDrift, type Drift } from "../../domain/reconciliation/drift.ts";
import { forEachBounded } from "../bounded-concurrency.ts";
import type { Step } from "./consumer.ts";
import type { ReconciliationDeps } from "./deps.ts";

/** SKUs begun in a step, and SKU objects called at once. */
const SKUS_PER_STEP = 25;
const SKU_CONCURRENCY = 6;
/** How often a ledger that moves is read again before it is left to the next run. */
const MAX_LEDGER_READS = 3;

type Pending = Run["cursor"]["pending"][number];

/** Goes on with SKUs of which further orders are to be looked at; else begins the next SKUs. */
export async function comparedSkus(run: Run, deps: ReconciliationDeps): Promise<Step> {
  const { cursor } = run;
  const since = run.since?.getTime() ?? null;
  const findings: Drift[] = [];
  const pending: Pending[] = [];
  const compareSold = async ({ sku, after }: Pending) => {
    const { found, next } = await sold(sku, after, since, deps);
    findings.push(...found);
    if (next !== null) pending.push({ sku, after: next });
  };
  if (cursor.pending.length > 0) {
    await forEachBounded(cursor.pending, SKU_CONCURRENCY, compareSold);
    return { findings, next: { ...cursor, pending } };
  }
  const skus = await deps.listLedgers({ after: cursor.after ?? "", since, limit: SKUS_PER_STEP });
  await forEachBounded(skus, SKU_CONCURRENCY, async (sku) => {
    findings.push(...(await ledger(sku, deps)));
    await compareSold({ sku, after: "" });
  });
  const last = skus.at(-1);
  return { findings, next: last === undefined ? null : { ...cursor, after: last, pending } };
}

/** The next SKUs' ledgers, whose copies are made to begin where the objects' entries do. */
export async function bridgedLedgers({ cursor }: Run, deps: ReconciliationDeps): Promise<Step> {
  const skus = await deps.listLedgers({ after: cursor.after ?? "", since: null, limit: SKUS_PER_STEP });
  const findings: Drift[] = [];
  await forEachBounded(skus, SKU_CONCURRENCY, async (sku) => {
    const { confirmedThrough, sums } = await deps.ledgerBase(sku);
    if (confirmedThrough > 0) await deps.bridgeLedger(sku, confirmedThrough, sums);
  });
  const last = skus.at(-1);
  return { findings, next: last === undefined ? null : { ...cursor, after: last } };
}

/** The copy first, then the object; where the object has given up more since, the copy again: it had that before. */
async function ledger(sku: string, deps: ReconciliationDeps): Promise<Drift[]> {
  let copy = await deps.readLedgerCopy(sku);
  for (let read = 1; ; read += 1) {
    const own = await deps.ledgerAt(sku, copy.completeThrough);
    if (own === null) return [];
    const drifts = ledgerDrift(own, copy);
    if (drifts.length === 0) return [];
    const newer = await deps.readLedgerCopy(sku);
    if (newer.completeThrough === copy.completeThrough && newer.entries === copy.entries) return drifts;
    if (read === MAX_LEDGER_READS) return [];
    copy = newer;
  }
}

async function sold(
  sku: string,
  after: string,
  since: number | null,
  deps: ReconciliationDeps,
): Promise<{ found: Drift[]; next: string | null }> {
  const page = await deps.soldAt(sku, { after, since });
  const known = page.sold.filter(({ orderId }) => deps.isOrderId(orderId));
  const unknown = page.sold.filter(({ orderId }) => !deps.isOrderId(orderId));
  const orders = await deps.findOrders(known.map(({ orderId }) => orderId));
  const suspects = known.filter((units, index) => {
    const order = orders[index];
    return order !== "unreadable" && soldDrift(sku, units, order ?? null).length > 0;
  });
  const found = unknown.flatMap((units) => soldDrift(sku, units, null));
  for (const { orderId } of suspects) {
    const [[units], [order]] = [await deps.unitsAt(sku, [orderId]), await deps.findOrders([orderId])];
    if (units === undefined || order === "unreadable") continue;
    const drifts = soldDrift(sku, units, order ?? null);
    if (drifts.some(({ action }) => action === "settled")) await deps.settleAt(sku, orderId);
    found.push(...drifts);
  }
  return { found, next: page.next };
}
