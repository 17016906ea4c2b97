/** What an order does next by itself: the step to take now, and when to wake up. */
import { backoffMs, type BackoffOptions } from "../backoff.ts";
import { compactsAt } from "./compaction.ts";
import { deadlineOf, isUnconfirmed, type OrderState } from "./state.ts";

/** A step that talks to the SKU objects. */
export type UnitStep = "extend" | "commit" | "judge_payer" | "settle";

/** The step the order's state calls for, or null. */
export function nextUnitStep(state: OrderState): UnitStep | null {
  if (state.units === "settling") return "settle";
  if (state.decision?.kind === "capture" && state.units === "held") return "commit";
  if (state.units === "committed" && state.payer?.phase === "known") return "judge_payer";
  if (state.decision === null && state.payment?.phase === "extending") return "extend";
  return null;
}

/** A step that a crash cut short is taken again after so long, ms. */
export const STEP_PATIENCE_MS = 2_000;
/** How soon a step that a SKU did not answer is taken again. It is never given up: units must not stay where they are. */
const STEP_AGAIN: BackoffOptions = { baseMs: STEP_PATIENCE_MS, maxMs: 60_000 };
/** How soon what was sent and not confirmed is sent again. */
export const SEND_AGAIN: BackoffOptions = { baseMs: 8_000, maxMs: 300_000 };
/** How soon the payments queue is asked again for what is owed at Stripe. */
export const ASK_AGAIN: BackoffOptions = { baseMs: 10_000, maxMs: 600_000 };
/** How soon a notice is asked for again: a minute at the least, which the e-mails that are asked for in a rush take to leave. */
export const TELL_AGAIN: BackoffOptions = { baseMs: 120_000, maxMs: 600_000 };

/** A SKU did not answer: the step waits, longer each time. */
export function stepFailed(state: OrderState, now: number, random: number): OrderState {
  const attempts = (state.stepRetry?.attempts ?? 0) + 1;
  return { ...state, stepRetry: { attempts, nextAt: now + backoffMs(attempts, STEP_AGAIN, random) } };
}

/** A step was answered: the next failure begins with the shortest wait again. */
export function stepAnswered(state: OrderState): OrderState {
  return state.stepRetry === null ? state : { ...state, stepRetry: null };
}

/** Stripe asked to be left alone for a while: what is owed waits so long, and no attempt was used up. */
export function obligationsPostponed(state: OrderState, waitMs: number, now: number): OrderState {
  const obligations = state.obligations.map((owed) => ({
    ...owed,
    attempts: Math.max(0, owed.attempts - 1),
    nextAt: now + waitMs,
  }));
  return { ...state, obligations };
}

export function snapshotSent(state: OrderState, now: number, random: number): OrderState {
  const attempts = state.outbox.attempts + 1;
  return { ...state, outbox: { attempts, nextAt: now + backoffMs(attempts, SEND_AGAIN, random) } };
}

/**
 * Postgres committed `version`; where the order has moved on since, the newer snapshot is due at once. A confirmation that
 * brings nothing new changes nothing: answered at once with another snapshot, it would come back for ever.
 */
export function snapshotConfirmed(
  state: OrderState,
  version: number,
  contactPersisted: boolean,
  now: number,
): OrderState {
  const confirmedVersion = Math.max(state.confirmedVersion, Math.min(version, state.version));
  const persisted = state.contactPersisted || contactPersisted;
  if (confirmedVersion === state.confirmedVersion && persisted === state.contactPersisted) return state;
  return {
    ...state,
    confirmedVersion,
    contactPersisted: persisted,
    outbox: { attempts: 0, nextAt: now },
  };
}

export function obligationsAsked(state: OrderState, now: number, random: number): OrderState {
  const obligations = state.obligations.map((owed) => {
    if (owed.nextAt > now) return owed;
    const attempts = owed.attempts + 1;
    return { ...owed, attempts, nextAt: now + backoffMs(attempts, ASK_AGAIN, random) };
  });
  return { ...state, obligations };
}

export function noticeAsked(state: OrderState, now: number, random: number): OrderState {
  if (state.notice === null) return state;
  const attempts = state.notice.attempts + 1;
  return {
    ...state,
    notice: { ...state.notice, attempts, nextAt: now + backoffMs(attempts, TELL_AGAIN, random) },
  };
}

/** A closed order whose data is safe elsewhere needs no personal data any more. */
export function mayEraseContact(state: OrderState): boolean {
  const closed = state.status === "expired" || state.status === "cancelled" || state.status === "refunded";
  return closed && !state.contactErased && state.contactPersisted && state.notice === null;
}

/** The earliest moment (epoch ms) at which the order has something to do by itself, or null. */
export function nextWakeAt(state: OrderState, now: number): number | null {
  const moments: number[] = [];
  const retryAt = state.stepRetry?.nextAt ?? now;
  // A retry whose time has come is under way.
  if (nextUnitStep(state) !== null) moments.push(retryAt > now ? retryAt : now + STEP_PATIENCE_MS);
  if (state.status === "reserved" && state.decision === null) {
    if (!state.obligations.some((owed) => owed.kind === "inspect")) moments.push(deadlineOf(state));
  }
  for (const owed of state.obligations) moments.push(owed.nextAt);
  if (isUnconfirmed(state)) moments.push(state.outbox.nextAt);
  if (state.notice !== null) moments.push(state.notice.nextAt);
  const compactAt = compactsAt(state);
  if (compactAt !== null) moments.push(compactAt);
  return moments.length === 0 ? null : Math.min(...moments);
}
