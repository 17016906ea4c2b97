/** What an order does next by itself: the step to take now, and when to wake up. */
import { backoffMs, type BackoffOptions } from "../backoff.ts";
import { compactsAt } from "./compaction.ts";
import { refundsOf, returnsDue } from "./refunds.ts";
import { deadlineOf, hasNotice, isUnconfirmed, type DueNotice, type OrderState } from "./state.ts";
import { isSameNotice, type NoticeIdentity } from "./notice.ts";

/** A step that talks to the SKU objects. */
export type UnitStep = "extend" | "commit" | "judge_payer" | "settle" | "return";

/** The step the order's state calls for, or null. */
export function nextUnitStep(state: OrderState): UnitStep | null {
  if (state.units === "settling") return "settle";
  if (state.decision?.kind === "capture" && state.units === "held") return "commit";
  if (state.units === "committed" && state.payer?.phase === "known") return "judge_payer";
  if (state.decision === null && state.payment?.phase === "extending") return "extend";
  if (returnsDue(state).length > 0) return "return";
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
  const postponed = <Owed extends { readonly attempts: number }>(owed: Owed) => ({
    ...owed,
    attempts: Math.max(0, owed.attempts - 1),
    nextAt: now + waitMs,
  });
  const { review } = state;
  const isReviewAsked = review != null && review.attempts > 0;
  return {
    ...state,
    obligations: state.obligations.map(postponed),
    ...(isReviewAsked ? { review: postponed(review) } : {}),
  };
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

/** Whether something at Stripe is due: to be done, or to be looked at. */
export function isStripeDue({ obligations, review }: OrderState, now: number): boolean {
  return obligations.some((owed) => owed.nextAt <= now) || (review != null && review.nextAt <= now);
}

/** What is due at Stripe was asked for: it is asked for again where no answer comes. */
export function obligationsAsked(state: OrderState, now: number, random: number): OrderState {
  const asked = <Owed extends { readonly attempts: number; readonly nextAt: number }>(owed: Owed): Owed => {
    if (owed.nextAt > now) return owed;
    const attempts = owed.attempts + 1;
    return { ...owed, attempts, nextAt: now + backoffMs(attempts, ASK_AGAIN, random) };
  };
  return {
    ...state,
    obligations: state.obligations.map(asked),
    ...(state.review == null ? {} : { review: asked(state.review) }),
  };
}

/** The e-mails that are due and not told yet, the oldest first. */
export function noticesDue(state: OrderState, now: number): NoticeIdentity[] {
  const due = (state.notices ?? []).filter(({ nextAt }) => nextAt <= now);
  const first =
    state.notice !== null && state.notice.nextAt <= now ? [{ kind: state.notice.kind, about: "" }] : [];
  return [...first, ...due.map(({ kind, about }) => ({ kind, about }))];
}

/** Whether this e-mail is still to be told. */
export function isNoticeWanted({ notice, notices }: OrderState, wanted: NoticeIdentity): boolean {
  if (notice?.kind === wanted.kind) return true;
  return notices?.some((each) => isSameNotice(each, wanted)) === true;
}

/** What is due was handed on: it is asked for again where nobody says that it was sent. */
export function noticesAsked(state: OrderState, now: number, random: number): OrderState {
  const asked = <Notice extends Pick<DueNotice, "attempts" | "nextAt">>(notice: Notice): Notice => {
    if (notice.nextAt > now) return notice;
    const attempts = notice.attempts + 1;
    return { ...notice, attempts, nextAt: now + backoffMs(attempts, TELL_AGAIN, random) };
  };
  return {
    ...state,
    notice: state.notice === null ? null : asked(state.notice),
    ...(state.notices === undefined ? {} : { notices: state.notices.map(asked) }),
  };
}

/** An e-mail went out, or never will: it is not asked for again. */
export function noticeSettled(state: OrderState, settled: NoticeIdentity): OrderState {
  if (state.notice?.kind === settled.kind) return { ...state, notice: null };
  const notices = state.notices?.filter((notice) => !isSameNotice(notice, settled));
  return notices === undefined || notices.length === state.notices?.length ? state : { ...state, notices };
}

/** A closed order whose data is safe elsewhere needs no personal data any more. */
export function mayEraseContact(state: OrderState): boolean {
  const closed = state.status === "expired" || state.status === "cancelled" || state.status === "refunded";
  // Of a refund that is under way the buyer is still to hear.
  const isTold = !hasNotice(state) && refundsOf(state).every(({ status }) => status !== "pending");
  return closed && !state.contactErased && state.contactPersisted && isTold;
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
  if (state.review != null) moments.push(state.review.nextAt);
  if (state.notice !== null) moments.push(state.notice.nextAt);
  const compactAt = compactsAt(state);
  if (compactAt !== null) moments.push(compactAt);
  for (const notice of state.notices ?? []) moments.push(notice.nextAt);
  return moments.length === 0 ? null : Math.min(...moments);
}
