/**
 * reconciliation: compares the parts of the store with one another, a bounded part in each message. A message takes the step it names,
 * writes down what was found and where the next step begins, and sends that; one that comes twice finds its step taken.
 */
import { MESSAGE_VERSION } from "../../contracts/messages.ts";
import { ReconciliationStep, type RunCursor } from "../../contracts/reconciliation.ts";
import type { Run } from "../../adapters/postgres/reconciliations.ts";
import type { Drift } from "../../domain/reconciliation/drift.ts";
import { receive } from "../intake.ts";
import type { QueueBatch } from "../message-batch.ts";
import { Settlement } from "../settlement.ts";
import { changedIntents, intents } from "./compare-money.ts";
import { comparedOrders, resentOrders } from "./compare-orders.ts";
import { bridgedLedgers, comparedSkus } from "./compare-skus.ts";
import type { ReconciliationDeps } from "./deps.ts";

/** What a step found, and where the next begins; null at the end of a part. */
export interface Step {
  readonly findings: readonly Drift[];
  readonly next: RunCursor | null;
}

export async function consumeReconciliation(batch: QueueBatch, deps: ReconciliationDeps): Promise<void> {
  const settlement = new Settlement(batch, deps);
  for (const { message, body } of await receive(batch, ReconciliationStep, settlement)) {
    try {
      await takeStep(body, deps);
      settlement.acknowledge(message);
    } catch (fault) {
      settlement.retry(message, fault, { reason: "reconciliation" });
    }
  }
  settlement.report();
}

async function takeStep({ id, step }: ReconciliationStep, deps: ReconciliationDeps): Promise<void> {
  const run = await deps.readRun(id);
  if (run === null || run.status !== "running" || run.step !== step) return;
  const { findings, next } = await compared(run, deps);
  const then = next ?? nextPart(run, deps);
  if (!(await deps.stepTaken(run, findings, then))) return;
  report(run, findings, deps);
  if (then !== null)
    await deps.sendStep({ v: MESSAGE_VERSION, type: "reconciliation.step", id, step: step + 1 });
}

async function compared(run: Run, deps: ReconciliationDeps): Promise<Step> {
  switch (run.cursor.part) {
    case "intents":
      return await intents(run, deps);
    case "refunds":
    case "disputes":
      return await changedIntents(run, deps);
    case "orders":
      return run.scope === "resync" ? await resentOrders(run, deps) : await comparedOrders(run, deps);
    case "skus":
      return run.scope === "resync" ? await bridgedLedgers(run, deps) : await comparedSkus(run, deps);
  }
}

/** The next shard, or the next part that this run has; null at its end. */
function nextPart({ scope, cursor }: Run, { shardNames }: ReconciliationDeps): RunCursor | null {
  if (cursor.part === "orders" && cursor.shard + 1 < shardNames.length)
    return { ...beginningOf("orders"), shard: cursor.shard + 1 };
  switch (cursor.part) {
    case "intents":
      // Of all intents that were listed refunds and disputes were seen.
      return beginningOf(scope === "full" ? "orders" : "refunds");
    case "refunds":
      return beginningOf("disputes");
    case "disputes":
      return beginningOf("orders");
    case "orders":
      return beginningOf("skus");
    case "skus":
      return null;
  }
}

export function beginningOf(part: RunCursor["part"]): RunCursor {
  return { part, shard: 0, after: null, pending: [] };
}

function report(run: Run, findings: readonly Drift[], { telemetry }: ReconciliationDeps): void {
  for (const { kind, action, orderId, sku, intentId } of findings) {
    telemetry.log("error", "reconciliation.drift", {
      reason: `${kind}: ${action}`,
      source: run.id,
      orderId,
      sku,
      intentId,
    });
    telemetry.count("reconciliation_drifts", { outcome: action, where: kind });
  }
}
