/** Idempotency keys as Stripe keeps them: the first answer, a 500 included, is replayed for 24 hours. */
import { createHash } from "node:crypto";
import { StripeFailure } from "./errors.ts";
import type { EmulatorState, IdempotencyRecord } from "./state.ts";

const KEPT_MS = 24 * 60 * 60 * 1000;
/** The oldest keys go first where there are more. */
const MAX_KEYS = 100_000;
const MAX_KEY_LENGTH = 255;

export class IdempotencyKeys {
  readonly #state: EmulatorState;
  readonly #inProgress = new Set<string>();

  constructor(state: EmulatorState) {
    this.#state = state;
  }

  /**
   * Claims `key` for a request, or answers what the first request with it was told.
   * Throws a 400 where the key was used with other parameters, and a 409 while another request is using it.
   * A claim (`null`) must be given back with `release`.
   */
  claim(key: string, endpoint: string, fingerprint: string, nowMs: number): IdempotencyRecord | null {
    if (key.length > MAX_KEY_LENGTH) throw keyTooLong();
    if (this.#inProgress.has(key)) throw keyInUse(key);
    const kept = this.#state.idempotency.get(key);
    if (kept === undefined || kept.createdMs + KEPT_MS <= nowMs) {
      this.#inProgress.add(key);
      return null;
    }
    if (kept.endpoint !== endpoint) throw otherEndpoint(kept.endpoint, endpoint, key);
    if (kept.fingerprint !== fingerprint) throw otherParameters(key);
    return kept;
  }

  /** Remembers the answer, as part of the transaction that is open. */
  keep(key: string, record: IdempotencyRecord): void {
    const keys = this.#state.idempotency;
    // A key that has expired begins anew at the young end, so that the oldest is always first.
    if (keys.get(key) !== undefined) keys.delete(key);
    keys.put(key, record);
    for (let oldest = keys.oldest(); oldest !== undefined; oldest = keys.oldest()) {
      const expired = oldest[1].createdMs + KEPT_MS <= record.createdMs;
      if (!expired && keys.size <= MAX_KEYS) break;
      keys.delete(oldest[0]);
    }
  }

  release(key: string): void {
    this.#inProgress.delete(key);
  }
}

/** The same for the same parameters in any order. */
export function parametersFingerprint(body: string): string {
  return createHash("sha256").update(body.split("&").sort().join("&")).digest("base64");
}

function keyTooLong(): StripeFailure {
  const message = `Idempotency keys can be at most ${MAX_KEY_LENGTH} characters long.`;
  return new StripeFailure(400, { type: "idempotency_error", message }, true);
}

function keyInUse(key: string): StripeFailure {
  const message =
    "There is currently another in-progress request using this Idempotent Key (that probably means you submitted " +
    `twice, and the other request is still going through): ${key}. Please try again later.`;
  return new StripeFailure(409, { type: "idempotency_error", code: "idempotency_key_in_use", message }, true);
}

function otherEndpoint(first: string, now: string, key: string): StripeFailure {
  const message =
    `Keys for idempotent requests can only be used for the same endpoint they were first used for ` +
    `('${now}' vs '${first}'). Try using a key other than '${key}' if you meant to execute a different request.`;
  return new StripeFailure(400, { type: "idempotency_error", message }, true);
}

function otherParameters(key: string): StripeFailure {
  const message =
    "Keys for idempotent requests can only be used with the same parameters they were first used with. " +
    `Try using a key other than '${key}' if you meant to execute a different request.`;
  return new StripeFailure(400, { type: "idempotency_error", message }, true);
}
