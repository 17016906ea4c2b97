/**
 * When the store asks "are you a person?", and what it takes for an answer: the verdict on what Turnstile says of a token, and the
 * wait that stands in for one where no token can be had.
 */

/** What a challenge is for. A token made for one is no good for another. */
export const CHALLENGE_ACTIONS = ["sign_up", "place_order", "order_lookup"] as const;
export type ChallengeAction = (typeof CHALLENGE_ACTIONS)[number];

/** A drop's orders are challenged from shortly before it opens, so that no clock's difference is a way in, */
const DROP_EARLY_MS = 60_000;
/** until a day after: the rush and those who resell it. */
const DROP_LATE_MS = 24 * 60 * 60 * 1000;

/**
 * Whether something with this opening is in its drop.
 *
 * @param opensAt when it goes or went on sale (epoch ms); null where it never was a drop
 */
export function isDuringDrop(opensAt: number | null, now: number): boolean {
  return opensAt !== null && now >= opensAt - DROP_EARLY_MS && now < opensAt + DROP_LATE_MS;
}

/**
 * The latest opening (epoch ms) among things that are in their drop, or null where none is.
 *
 * @param openings of each thing, null for one that never was a drop
 */
export function latestOpening(openings: readonly (number | null)[], now: number): number | null {
  const during = openings.filter((opensAt) => isDuringDrop(opensAt, now));
  return during.reduce<number | null>((latest, opensAt) => Math.max(latest ?? 0, opensAt ?? 0), null);
}

/** Turnstile's own limit, held to here as well. */
export const MAX_TOKEN_AGE_MS = 5 * 60_000;
/** Its clock and ours may differ by so much. */
const CLOCK_TOLERANCE_MS = 60_000;

/** What siteverify says of a token. */
export interface Verification {
  readonly success: boolean;
  /** Where the widget was. */
  readonly hostname: string | null;
  /** What it was rendered for. */
  readonly action: string | null;
  /** When the challenge was passed, epoch ms. */
  readonly passedAt: number | null;
  readonly errorCodes: readonly string[];
}

export interface Expectation {
  readonly hostname: string;
  readonly action: ChallengeAction;
}

export const REFUSED_TOKEN_REASONS = [
  "used_or_expired",
  "not_a_token",
  "foreign_host",
  "foreign_action",
  "too_old",
] as const;
export type RefusedTokenReason = (typeof REFUSED_TOKEN_REASONS)[number];

/** Error codes that speak of our own request, not of the token: nothing can be said of the token then. */
const OUR_FAULTS: readonly string[] = [
  "missing-input-secret",
  "invalid-input-secret",
  "bad-request",
  "internal-error",
];

export type TokenVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: RefusedTokenReason }
  /** Siteverify could not judge; the codes say why. */
  | { readonly ok: false; readonly reason: "unjudged"; readonly errorCodes: readonly string[] };

/**
 * Judges what siteverify said. Its `success` alone is not enough: a token solved on another site, for another purpose or long
 * ago is another shopper's stock, not this one's.
 *
 * @param now epoch ms
 */
export function judgeVerification(said: Verification, expected: Expectation, now: number): TokenVerdict {
  if (!said.success) {
    const ours = said.errorCodes.filter((code) => OUR_FAULTS.includes(code));
    if (ours.length > 0) return { ok: false, reason: "unjudged", errorCodes: ours };
    const isUsed = said.errorCodes.includes("timeout-or-duplicate");
    return { ok: false, reason: isUsed ? "used_or_expired" : "not_a_token" };
  }
  if (said.hostname !== expected.hostname) return { ok: false, reason: "foreign_host" };
  if (said.action !== expected.action) return { ok: false, reason: "foreign_action" };
  if (said.passedAt === null) return { ok: false, reason: "too_old" };
  const ageMs = now - said.passedAt;
  if (ageMs > MAX_TOKEN_AGE_MS || ageMs < -CLOCK_TOLERANCE_MS) return { ok: false, reason: "too_old" };
  return { ok: true };
}

/** A wait is good for so long after it was begun; after that it is begun anew. */
export const MAX_WAIT_AGE_MS = 15 * 60_000;

export type WaitVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: "too_soon"; readonly remainingMs: number }
  | { readonly ok: false; readonly reason: "too_late" };

/**
 * Whether a shopper has waited long enough.
 *
 * @param begunAt as the store wrote it down, epoch ms
 * @param waitMs how long the wait is
 */
export function judgeWait(begunAt: number, waitMs: number, now: number): WaitVerdict {
  const ageMs = now - begunAt;
  if (ageMs > MAX_WAIT_AGE_MS) return { ok: false, reason: "too_late" };
  if (ageMs < waitMs) return { ok: false, reason: "too_soon", remainingMs: waitMs - ageMs };
  return { ok: true };
}
