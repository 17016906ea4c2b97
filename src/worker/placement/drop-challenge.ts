/**
 * During a drop a shopper proves to be a person before anything is held. A repetition proves nothing anew: the order it means is
 * looked for before a challenge is asked. Every look costs an object's call, so those without a proof are few per network.
 */
import { latestOpening } from "../../domain/challenge.ts";
import { LIMIT_PERIOD_SECONDS } from "../configuration.ts";
import type { NetworkLimit } from "../network-limit.ts";
import type { Claim, Proof } from "../person-check.ts";
import type { PlacementRefusal } from "./refusal.ts";
import type { RequestedLine } from "./reservations.ts";

export interface DropChallengeDeps {
  /** What the request proves, for this order. */
  readonly prove: (claim: Omit<Claim, "token">) => Promise<Proof>;
  /** For placements without a proof, by network. */
  readonly unprovenLimit: Pick<NetworkLimit, "allows">;
}

interface Challenged<Outcome> {
  readonly orderId: string;
  readonly network: string;
  readonly lines: readonly RequestedLine[];
  /** Whether this isolate placed the order a moment ago. */
  readonly isRecent: boolean;
  /** The order that the request repeats, or null. */
  readonly existing: () => Promise<Outcome | null>;
}

/**
 * @returns null where the placement may go on: no drop, a proof, or a siteverify that is away, as selling does not wait for it;
 * else the order that is there already, or the refusal
 */
export async function challengeDrop<Outcome>(
  deps: DropChallengeDeps,
  { orderId, network, lines, isRecent, existing }: Challenged<Outcome>,
): Promise<Outcome | PlacementRefusal | null> {
  const waitFrom = latestOpening(
    lines.map(({ terms }) => terms.opensAt),
    Date.now(),
  );
  if (waitFrom === null) return null;
  // Neither asks Turnstile again for what was just placed.
  const placedBefore = isRecent ? await existing() : null;
  if (placedBefore !== null) return placedBefore;

  const proof = await deps.prove({ spentOn: orderId, waitFrom });
  if (proof.ok) return null;
  if (!(await deps.unprovenLimit.allows(network))) {
    return {
      ok: false,
      code: "rate_limited",
      detail: "Too many orders from your network. Please wait a moment.",
      retryAfterSeconds: LIMIT_PERIOD_SECONDS,
    };
  }
  if (proof.reason === "unreachable") return null;
  return (await existing()) ?? challengeRefusal(proof);
}

function challengeRefusal(proof: Exclude<Proof, { ok: true }>): PlacementRefusal {
  const code = "challenge_required";
  switch (proof.reason) {
    case "waits_too_often":
      return {
        ok: false,
        code: "rate_limited",
        detail: "Too many orders from your network. Please wait a moment.",
        retryAfterSeconds: proof.retryAfterSeconds,
      };
    case "too_soon":
      return {
        ok: false,
        code,
        detail: "The wait is not over yet.",
        retryAfterSeconds: proof.retryAfterSeconds,
      };
    case "missing":
      return { ok: false, code, detail: "During a drop, send a Turnstile token of action place_order." };
    default:
      return { ok: false, code, detail: "The token was not accepted. Each is good once, for five minutes." };
  }
}
