/**
 * Turnstile's siteverify: asks Cloudflare what a token is worth, and judges the answer. A token is good once; the same question asked
 * again under its idempotency key gets the same answer, so that a retry of ours uses nothing up.
 *
 * @see https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
 */
import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";
import {
  judgeVerification,
  type Expectation,
  type RefusedTokenReason,
  type Verification,
} from "../../domain/challenge.ts";
import { Circuit } from "../outage/circuit.ts";
import { isOwnDeadline } from "../outage/own-deadline.ts";

/** One try; a shopper waits for two of them at most. */
const TIMEOUT_MS = 1_500;
const TRIES = 2;
/** A siteverify that fails is left alone for a while. One that is slow is not: each shopper waits for two tries at most. */
const CIRCUIT = { failureThreshold: 4, openMs: 5_000 };
/** Cloudflare's own limit; a longer one is none and not worth asking about. */
export const MAX_TOKEN_LENGTH = 2048;
/** An answer is a few hundred bytes. */
const MAX_ERROR_CODES = 10;

const Answer = z.object({
  success: z.boolean(),
  hostname: z.string().optional(),
  action: z.string().optional(),
  challenge_ts: z.string().optional(),
  "error-codes": z.array(z.string()).max(MAX_ERROR_CODES).default([]),
});

export interface TurnstileOptions {
  readonly verifyUrl: string;
  readonly secretKey: string;
  /** Epoch ms. */
  readonly clock: () => number;
  /** Told why siteverify could not be asked or did not judge. */
  readonly report: (fault: unknown) => void;
  readonly timeoutMs?: number;
}

export interface TokenQuestion extends Expectation {
  readonly token: string;
  /** The caller's address, where it is known. */
  readonly remoteIp: string | null;
  /**
   * What the token is spent on, e.g. an order's id: the same token for the same thing is good again, so that a repeated
   * request is no second use. Without it every question is one of its own.
   */
  readonly spentOn?: string;
}

export type TokenAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: RefusedTokenReason }
  /** Siteverify did not answer, or not about the token. */
  | { readonly ok: false; readonly reason: "unreachable" };

export interface Turnstile {
  /** Never throws: what cannot be asked is `unreachable`, and what that means is the caller's to decide. */
  verify(question: TokenQuestion): Promise<TokenAnswer>;
}

export function createTurnstile(options: TurnstileOptions): Turnstile {
  const circuit = new Circuit(CIRCUIT, options.clock);
  return {
    async verify(question) {
      if (question.token === "" || question.token.length > MAX_TOKEN_LENGTH) {
        return { ok: false, reason: "not_a_token" };
      }
      const said = await askPatiently(options, circuit, question);
      if (said === null) return { ok: false, reason: "unreachable" };
      const verdict = judgeVerification(said, question, options.clock());
      if (verdict.ok || verdict.reason !== "unjudged") return verdict;
      options.report(new Error(`siteverify did not judge: ${verdict.errorCodes.join(", ")}`));
      return { ok: false, reason: "unreachable" };
    },
  };
}

/** Asks, once more where nothing came back; null where siteverify is away. */
async function askPatiently(
  options: TurnstileOptions,
  circuit: Circuit,
  question: TokenQuestion,
): Promise<Verification | null> {
  const idempotencyKey = idempotencyKeyOf(question);
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    if (!circuit.tryPass()) return null;
    try {
      const said = await ask(options, question, idempotencyKey);
      circuit.succeeded();
      return said;
    } catch (fault) {
      if (!isOwnDeadline(fault)) circuit.failed();
      options.report(fault);
    }
  }
  return null;
}

async function ask(
  { verifyUrl, secretKey, timeoutMs = TIMEOUT_MS }: TurnstileOptions,
  { token, remoteIp }: TokenQuestion,
  idempotencyKey: string,
): Promise<Verification> {
  const form = new URLSearchParams({
    secret: secretKey,
    response: token,
    idempotency_key: idempotencyKey,
    ...(remoteIp === null ? {} : { remoteip: remoteIp }),
  });
  const response = await fetch(verifyUrl, {
    method: "POST",
    body: form,
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
  });
  // A refusal comes as 200 or 400 with its codes; anything else is no answer of siteverify's.
  if (response.status !== 200 && response.status !== 400) {
    await response.body?.cancel();
    throw new Error(`siteverify answered ${String(response.status)}`);
  }
  const parsed = Answer.safeParse(await response.json());
  if (!parsed.success) throw new Error("siteverify answered something else than it documents");
  const { success, hostname, action, challenge_ts: passedAt, "error-codes": errorCodes } = parsed.data;
  const time = passedAt === undefined ? NaN : Date.parse(passedAt);
  return {
    success,
    hostname: hostname ?? null,
    action: action ?? null,
    passedAt: Number.isNaN(time) ? null : time,
    errorCodes,
  };
}

/** A UUID, as siteverify wants one. */
function idempotencyKeyOf({ token, spentOn }: TokenQuestion): string {
  if (spentOn === undefined) return randomUUID();
  const hex = createHash("sha256").update(`${spentOn}\n${token}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
