/**
 * "Are you a person?" as handlers ask it: by a Turnstile token, or by a wait where no token can be had (docs/decisions/0015). Off
 * where the deployment has no keys for it.
 */
import { readWaitTicket, waitTicket, WAIT_TICKET_PREFIX } from "../adapters/signing/index.ts";
import type { ProblemCode } from "../contracts/problem.ts";
import { judgeWait, MAX_WAIT_AGE_MS, type ChallengeAction } from "../domain/challenge.ts";
import { WAIT_TICKET_FIELD, type PersonCheckView } from "../../web/components/person-check.tsx";
import { originOf } from "./accounts/session.ts";
import type { AppContext } from "./app-env.ts";
import { servicesOf } from "./compose.ts";
import { BUYER_LIMIT_PERIOD_SECONDS, challengeWaitMsOf } from "./configuration.ts";
import { clientNetwork } from "./middleware/read-limit.ts";

/** The name under which Turnstile's widget puts its token into a form. */
const TOKEN_FIELD = "cf-turnstile-response";
const MAX_FIELD_LENGTH = 2048;
/** A siteverify that is away is worth another try then. */
const UNREACHABLE_RETRY_SECONDS = 10;

export interface Claim {
  /** A Turnstile token or a wait ticket; undefined where nothing was sent. */
  readonly token: string | undefined;
  /** What it is spent on: the same token for the same thing is good again. */
  readonly spentOn?: string;
  /** A wait counts from here (epoch ms) at the earliest. */
  readonly waitFrom?: number;
}

export type Proof =
  /** `nothing`: this deployment asks for no proof. */
  | { readonly ok: true; readonly by: "token" | "wait" | "nothing" }
  | { readonly ok: false; readonly reason: "missing" | "refused" | "unreachable" }
  /** A wait that is not over, or one too many from this network. */
  | {
      readonly ok: false;
      readonly reason: "too_soon" | "waits_too_often";
      readonly retryAfterSeconds: number;
    };

const proofs = new WeakMap<Request, Promise<Proof>>();

/**
 * What a request proves. Asked once per request, since a token is good once: whoever asks again gets the first answer.
 * Never throws for a siteverify that is away; that is the proof `unreachable`.
 */
export function proofOf(c: AppContext, action: ChallengeAction, claim: Claim): Promise<Proof> {
  const known = proofs.get(c.req.raw);
  if (known !== undefined) return known;
  const proof = prove(c, action, claim);
  proofs.set(c.req.raw, proof);
  return proof;
}

async function prove(c: AppContext, action: ChallengeAction, claim: Claim): Promise<Proof> {
  const { turnstile, telemetry } = servicesOf(c.env);
  if (turnstile === null) return { ok: true, by: "nothing" };
  const { token = "" } = claim;
  const isWait = token.startsWith(WAIT_TICKET_PREFIX);
  const proof = isWait ? await proveByWait(c, action, claim) : await proveByToken(c, action, claim);
  const outcome = proof.ok ? (isWait ? "waited" : "passed") : proof.reason;
  telemetry.count("challenges", { outcome, where: action });
  return proof;
}

async function proveByToken(
  c: AppContext,
  action: ChallengeAction,
  { token = "", spentOn }: Claim,
): Promise<Proof> {
  const { turnstile } = servicesOf(c.env);
  if (turnstile === null || token === "") return { ok: false, reason: "missing" };
  const verdict = await turnstile.verify({
    token,
    action,
    hostname: new URL(originOf(c)).hostname,
    remoteIp: c.req.header("cf-connecting-ip") ?? null,
    ...(spentOn === undefined ? {} : { spentOn }),
  });
  if (verdict.ok) return { ok: true, by: "token" };
  return { ok: false, reason: verdict.reason === "unreachable" ? "unreachable" : "refused" };
}

async function proveByWait(
  c: AppContext,
  action: ChallengeAction,
  { token = "", waitFrom = 0 }: Claim,
): Promise<Proof> {
  const { signing, waitLimit } = servicesOf(c.env);
  const network = clientNetwork(c);
  const begunAt = readWaitTicket(signing, { action, network }, token);
  if (begunAt === null) return { ok: false, reason: "refused" };
  const verdict = judgeWait(Math.max(begunAt, waitFrom), challengeWaitMsOf(c.env), Date.now());
  if (!verdict.ok && verdict.reason === "too_soon") {
    return { ok: false, reason: "too_soon", retryAfterSeconds: Math.ceil(verdict.remainingMs / 1000) };
  }
  if (!verdict.ok) return { ok: false, reason: "refused" };
  // A program can wait as well as a person; it cannot do it often.
  if (await waitLimit.allows(network)) return { ok: true, by: "wait" };
  return { ok: false, reason: "waits_too_often", retryAfterSeconds: BUYER_LIMIT_PERIOD_SECONDS };
}

export type PersonVerdict =
  /** Whether a token proved it: a program can wait, too. */
  | { readonly ok: true; readonly isProven: boolean }
  | { readonly ok: false; readonly code: ProblemCode; readonly retryAfterSeconds?: number };

/** For what can wait until siteverify is back: without a proof, nobody goes on. */
export async function mustBePerson(
  c: AppContext,
  action: ChallengeAction,
  claim: Claim,
): Promise<PersonVerdict> {
  const proof = await proofOf(c, action, claim);
  if (proof.ok) return { ok: true, isProven: proof.by === "token" };
  switch (proof.reason) {
    case "unreachable":
      return {
        ok: false,
        code: "temporarily_unavailable",
        retryAfterSeconds: UNREACHABLE_RETRY_SECONDS,
      };
    case "waits_too_often":
      return { ok: false, code: "rate_limited", retryAfterSeconds: proof.retryAfterSeconds };
    case "too_soon":
      return { ok: false, code: "challenge_required", retryAfterSeconds: proof.retryAfterSeconds };
    default:
      return { ok: false, code: "challenge_required" };
  }
}

/** What a posted form claims: the widget's token, or the wait that the form began. */
export function claimIn(fields: URLSearchParams): string | undefined {
  const token = fields.get(TOKEN_FIELD) || fields.get(WAIT_TICKET_FIELD) || undefined;
  return token?.slice(0, MAX_FIELD_LENGTH);
}

export interface PersonCheckOptions {
  /** The form as it came, where this is the answer to it: its wait goes on rather than begin anew. */
  readonly posted?: URLSearchParams | undefined;
  /** The form's proof was not good: now the wait is the way. */
  readonly wasRefused?: boolean;
  /** A wait counts from here (epoch ms) at the earliest. */
  readonly waitFrom?: number;
}

/** What a form needs to be proven, or null where nothing is asked. A page with it names `turnstile` to `siteOf`. */
export function personCheckFor(
  c: AppContext,
  action: ChallengeAction,
  { posted, wasRefused = false, waitFrom = 0 }: PersonCheckOptions = {},
): PersonCheckView | null {
  const { turnstile, signing } = servicesOf(c.env);
  if (turnstile === null) return null;
  const wait = { action, network: clientNetwork(c) };
  const now = Date.now();
  const waitMs = challengeWaitMsOf(c.env);
  const former = posted?.get(WAIT_TICKET_FIELD) ?? "";
  const formerAt = readWaitTicket(signing, wait, former);
  const isGood = formerAt !== null && now - formerAt < MAX_WAIT_AGE_MS / 2;
  const begunAt = Math.max(isGood ? formerAt : now, waitFrom);
  return {
    action,
    siteKey: c.env.TURNSTILE_SITE_KEY,
    scriptUrl: c.env.TURNSTILE_URL,
    waitTicket: isGood ? former : waitTicket(signing, wait, now),
    secondsLeft: Math.max(0, Math.ceil((begunAt + waitMs - now) / 1000)),
    isWaiting: wasRefused,
  };
}
