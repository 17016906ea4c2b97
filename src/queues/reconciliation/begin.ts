/** Begins runs of reconciliation, and sees to those that came to a halt. */
import { MESSAGE_VERSION } from "../../contracts/messages.ts";
import type { ReconciliationStep, RunScope } from "../../contracts/reconciliation.ts";
import type { Database } from "../../adapters/postgres/connection.ts";
import {
  beginRun,
  failStalledRuns,
  lastRunAt,
  runningRuns,
  type Run,
} from "../../adapters/postgres/reconciliations.ts";
import { beginningOf } from "./consumer.ts";

const MINUTE_MS = 60_000;
/** A message of a run may be lost: its step is sent again. */
const RESENT_AFTER_MS = 5 * MINUTE_MS;
/** A run fails when one of its steps has not succeeded for so long. */
const FAILED_AFTER_MS = 60 * MINUTE_MS;
/** What the run before may have read too early. */
const OVERLAP_MS = 2 * MINUTE_MS;
/** After an outage of ours an incremental run looks back no further: the full one is there for that. */
const LONGEST_LOOK_BACK_MS = 24 * 60 * MINUTE_MS;

export interface BeginDeps {
  readonly database: Database;
  readonly sendStep: (message: ReconciliationStep) => Promise<void>;
}

/**
 * @param since epoch ms; null for everything
 * @param now epoch ms
 */
export async function beginReconciliation(
  { database, sendStep }: BeginDeps,
  scope: RunScope,
  since: number | null,
  now: number,
): Promise<Run> {
  const cursor = beginningOf(scope === "resync" ? "orders" : "intents");
  const run = await beginRun(database, { scope, since, cursor }, now);
  await sendStep(stepOf(run));
  return run;
}

/** What changed since the last run, unless one is under way. Answers how many runs were begun or sent on. */
export async function reconcileChanged(deps: BeginDeps, now: number): Promise<number> {
  const { database, sendStep } = deps;
  await failStalledRuns(database, now - FAILED_AFTER_MS, now);
  const running = await runningRuns(database);
  const halted = running.filter(({ updatedAt }) => updatedAt.getTime() <= now - RESENT_AFTER_MS);
  for (const run of halted) await sendStep(stepOf(run));
  if (running.some(({ scope }) => scope === "since")) return halted.length;
  const last = await lastRunAt(database, ["since", "full"]);
  const since = Math.max((last ?? 0) - OVERLAP_MS, now - LONGEST_LOOK_BACK_MS);
  await beginReconciliation(deps, "since", since, now);
  return halted.length + 1;
}

const stepOf = ({ id, step }: Run): ReconciliationStep => ({
  v: MESSAGE_VERSION,
  type: "reconciliation.step",
  id,
  step,
});
