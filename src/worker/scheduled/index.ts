/**
 * Scheduled work: which job runs on which cron. The nets under the alarms and webhooks need no Postgres; telling those who
 * wait for stock does, and waits with it.
 */
import type { Telemetry } from "../../adapters/telemetry/telemetry.ts";
import { announceStock } from "./announce-stock.ts";
import type { AnnounceStockDeps } from "./announce-stock.ts";
import { resendUncaptured } from "./resend-uncaptured.ts";
import type { ResendUncapturedDeps } from "./resend-uncaptured.ts";
import { takeUpEvents } from "./take-up-events.ts";
import type { TakeUpEventsDeps } from "./take-up-events.ts";
import { sendChangedTerms, sendHoldsToCheck, sendSkusInTurn } from "./send-upkeep.ts";
import type { SendUpkeepDeps } from "./send-upkeep.ts";

/** As wrangler.toml has them. */
export const EVERY_MINUTE = "* * * * *";
export const EVERY_TEN_MINUTES = "*/10 * * * *";
export const DAILY = "17 3 * * *";

/** Intents looked through by the net: the newest each minute, and once a day far back. */
const INTENTS_EACH_MINUTE = 500;
const INTENTS_EACH_DAY = 5_000;

/** Undelivered events looked through: the newest each minute, and once a day far back. */
const EVENTS_EACH_MINUTE = 200;
const EVENTS_EACH_DAY = 5_000;

export interface ScheduledDeps
  extends SendUpkeepDeps, ResendUncapturedDeps, AnnounceStockDeps, TakeUpEventsDeps {
  /** Takes persons whose account was removed out of their orders; answers of how many. */
  readonly erasePersons: () => Promise<number>;
  /** Deletes requests for notices that are over; answers how many. */
  readonly forgetStockNotices: () => Promise<number>;
  /** Begins to compare what changed, or everything; answers how many runs were begun or sent on. */
  readonly reconcileChanged: (now: number) => Promise<number>;
  readonly reconcileAll: (now: number) => Promise<number>;
  /** Deletes records of operations past their age; answers how many. */
  readonly pruneOperations: () => Promise<number>;
  /** Empties invoices that need not be kept any more; answers how many. */
  readonly forgetInvoices: () => Promise<number>;
  readonly telemetry: Telemetry;
}

type Job = readonly [name: string, run: () => Promise<number>];

/**
 * Runs what is due. What was done is counted, not logged: these jobs run each minute. One that fails is logged, too, and
 * never keeps another from running.
 *
 * @param at the moment the cron was due, epoch ms: which SKUs have their turn
 * @throws for a cron expression nobody knows: wrangler.toml and this module have come apart
 */
export async function runScheduled(cron: string, at: number, deps: ScheduledDeps): Promise<void> {
  await Promise.all(jobsOf(cron, at, deps).map((job) => runJob(job, deps)));
}

function jobsOf(cron: string, at: number, deps: ScheduledDeps): Job[] {
  switch (cron) {
    case EVERY_MINUTE:
      return [
        ["send_changed_terms", () => sendChangedTerms(deps, at)],
        ["send_skus_in_turn", () => sendSkusInTurn(deps, at)],
        ["send_holds_to_check", () => sendHoldsToCheck(deps, at)],
        ["take_up_events", () => takeUpEvents(deps, EVENTS_EACH_MINUTE)],
        ["resend_uncaptured", () => resendUncaptured(deps, INTENTS_EACH_MINUTE)],
        ["announce_stock", () => announceStock(deps)],
        ["erase_persons", () => deps.erasePersons()],
      ];
    case EVERY_TEN_MINUTES:
      return [
        ["reconcile_changed", () => deps.reconcileChanged(deps.clock())],
        ["prune_operations", () => deps.pruneOperations()],
      ];
    case DAILY:
      return [
        ["take_up_events_deep", () => takeUpEvents(deps, EVENTS_EACH_DAY)],
        ["resend_uncaptured_deep", () => resendUncaptured(deps, INTENTS_EACH_DAY)],
        ["reconcile_all", () => deps.reconcileAll(deps.clock())],
        ["forget_stock_notices", () => deps.forgetStockNotices()],
        ["forget_invoices", () => deps.forgetInvoices()],
      ];
    default:
      throw new Error(`no scheduled work for cron "${cron}"`);
  }
}

async function runJob([job, run]: Job, { telemetry, clock }: ScheduledDeps): Promise<void> {
  const startedAt = clock();
  try {
    const count = await run();
    telemetry.count("scheduled_jobs", {
      outcome: "done",
      where: job,
      count,
      durationMs: clock() - startedAt,
    });
  } catch (fault) {
    telemetry.fault("job.failed", fault, { job });
    telemetry.count("scheduled_jobs", { outcome: "failed", where: job, durationMs: clock() - startedAt });
  }
}
