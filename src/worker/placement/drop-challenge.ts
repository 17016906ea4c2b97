/**
 * During a drop a shopper proves to be a person before anything is held. A repetition proves nothing anew: its shard answers the
 * order that is there. Every such look costs a call, so those without a proof are few per network.
 */
import { latestOpening } from "../../domain/challenge.ts";
import { LIMIT_PERIOD_SECONDS } from "../configuration.ts";
import type { NetworkLimit } from "../network-limit.ts";
import type { Claim, Proof } from "../person-check.ts";
import type { PlacementRefusal } from "./refusal.ts";
import type { RequestedLine } from "./requested-lines.ts";

export interface DropChallengeDeps {
  /** What the request proves, for this order. */
  readonly prove: (claim: Omit<Claim, "token">) => Promise<Proof>;
  /** For placements without a proof, by network. */
  readonly unprovenLimit: Pick<NetworkLimit, "allows">;
}

interface Challenged {
  readonly orderId: string;
  readonly network: string;
  readonly lines: readonly RequestedLine[];
}

/**
 * `free`: nothing is asked, or siteverify is away, as selling does not wait for it; `person`: proven; `unproven`: only an order that
 * is there already may be answered, else the refusal is given; `refused`: not even that.
 */
export type ChallengeVerdict =
  | { readonly kind: "free" | "person" }
  | { readonly kind: "unproven" | "refused"; readonly refusal: PlacementRefusal };

export async function challengeDrop(
  deps: DropChallengeDeps,
  { orderId, network, lines }: Challenged,
): Promise<ChallengeVerdict> {
  const waitFrom = latestOpening(
    lines.map(({ terms }) => terms.opensAt),
    Date.now(),
  );
  if (waitFrom === null) return { kind: "free" };
  const proof = await deps.prove({ spentOn: orderId, waitFrom });
  if (proof.ok) return { kind: proof.by === "token" ? "person" : "free" };
  if (!(await deps.unprovenLimit.allows(network))) {
    const refusal = {
      ok: false,
      code: "rate_limited",
      detail: "Too many orders from your network. Please wait a moment.",
      retryAfterSeconds: LIMIT_PERIOD_SECONDS,
    } as const;
    return { kind: "refused", refusal };
  }
  if (proof.reason === "unreachable") return { kind: "free" };
  return { kind: "unproven", refusal: challengeRefusal(proof) };
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
