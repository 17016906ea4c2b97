/**
 * Limits on what may be tried on accounts and orders: by account, by order and by network, counted in Redis in one step, before
 * it is tried. Without Redis nothing is counted, so nothing may be tried: the caller is told `RedisUnavailable`.
 */
import type { Counted, Counter } from "../redis/counters.ts";
import type { Redis } from "../redis/redis.ts";

/** What is tried. Guessing a password, having an e-mail sent, making an account, looking an order up, and everything else. */
export type AttemptKind = "guess" | "mail" | "creation" | "lookup" | "ordinary";

interface AttemptRule {
  readonly periodSeconds: number;
  /** Per account, no matter from where; per order, too. */
  readonly perAccount: number;
  /** Per account from a browser that was signed in to it before: an attacker cannot use this up. */
  readonly perKnownBrowser: number;
  /** Per network (IPv4 address or IPv6 /64) of those who have not proven to be persons. */
  readonly perNetwork: number;
  /** Per network of those who have, each by a token that is good once; left out where a proof makes no difference. */
  readonly perNetworkProven?: number;
  /** A known browser counts for its account alone, as many people share a network. */
  readonly knownSpareNetwork?: true;
}

/**
 * A minute's lock for guesses, as OWASP's Authentication Cheat Sheet advises over locking an account for good. No proof raises
 * how many guesses a network has; a right one costs it nothing (`creditNetwork`).
 */
export const ATTEMPT_RULES = {
  guess: {
    periodSeconds: 60,
    perAccount: 10,
    perKnownBrowser: 10,
    perNetwork: 30,
    knownSpareNetwork: true,
  },
  mail: {
    periodSeconds: 900,
    perAccount: 3,
    perKnownBrowser: 3,
    perNetwork: 30,
  },
  creation: {
    periodSeconds: 900,
    perAccount: 3,
    perKnownBrowser: 3,
    perNetwork: 20,
    perNetworkProven: 300,
  },
  lookup: {
    periodSeconds: 900,
    perAccount: 5,
    perKnownBrowser: 5,
    perNetwork: 30,
    perNetworkProven: 300,
  },
  ordinary: {
    periodSeconds: 60,
    perAccount: 120,
    perKnownBrowser: 120,
    perNetwork: 300,
    knownSpareNetwork: true,
  },
} as const satisfies Readonly<Record<AttemptKind, AttemptRule>>;

export interface Attempt {
  readonly kind: AttemptKind;
  readonly network: string;
  /** A key for the account it is about, without personal data; null where there is none. */
  readonly account: string | null;
  /** What it is for, where an account's attempts of this kind are counted for each purpose. */
  readonly purpose?: string;
  /** The number of the order it is about, where it is about one. */
  readonly order?: string;
  /** Whether the browser was signed in to this account before. */
  readonly isKnownBrowser: boolean;
  /** Whether it came with a token that proves a person; a wait in a token's place does not count. */
  readonly isProvenPerson: boolean;
}

export type AttemptVerdict =
  /** `network` is null where the attempt cost its network nothing. */
  | { readonly ok: true; readonly network: Counted | null }
  | { readonly ok: false; readonly retryAfterSeconds: number };

/**
 * Judges an attempt and counts it, unless it is refused: a refused one was not made.
 *
 * @throws RedisUnavailable when it cannot be counted
 */
export async function judgeAttempt(
  redis: Pick<Redis, "countWithin">,
  attempt: Attempt,
): Promise<AttemptVerdict> {
  const rule: AttemptRule = ATTEMPT_RULES[attempt.kind];
  const network = networkCounter(attempt, rule);
  const counters = [...(network === null ? [] : [network]), ...ownCounters(attempt, rule)];
  const verdict = await redis.countWithin(counters, rule.periodSeconds);
  if (!verdict.ok) return verdict;
  return { ok: true, network: network === null ? null : (verdict.counted[0] ?? null) };
}

/**
 * Gives a network back what an attempt cost it, once the attempt turned out right. What is under way counts until then, so that a
 * network never has more wrong ones than its limit, however many it makes at once. The account's count stays.
 *
 * @throws RedisUnavailable; then the attempt stays counted until its period ends
 */
export async function creditNetwork(
  redis: Pick<Redis, "takeBack">,
  { network }: Extract<AttemptVerdict, { ok: true }>,
): Promise<void> {
  if (network !== null) await redis.takeBack(network);
}

function networkCounter(attempt: Attempt, rule: AttemptRule): Counter | null {
  const { kind, network, account, isKnownBrowser, isProvenPerson } = attempt;
  if (rule.knownSpareNetwork === true && isKnownBrowser && account !== null) return null;
  return isProvenPerson && rule.perNetworkProven !== undefined
    ? { key: keyOf(kind, `proven:${network}`), limit: rule.perNetworkProven }
    : { key: keyOf(kind, `network:${network}`), limit: rule.perNetwork };
}

function ownCounters(
  { kind, account, purpose, order, isKnownBrowser }: Attempt,
  rule: AttemptRule,
): Counter[] {
  const suffix = purpose === undefined ? "" : `:${purpose}`;
  const counters: Counter[] = [];
  if (account !== null) {
    counters.push(
      isKnownBrowser
        ? { key: keyOf(kind, `known:${account}${suffix}`), limit: rule.perKnownBrowser }
        : { key: keyOf(kind, `account:${account}${suffix}`), limit: rule.perAccount },
    );
  }
  if (order !== undefined) counters.push({ key: keyOf(kind, `order:${order}`), limit: rule.perAccount });
  return counters;
}

const keyOf = (kind: AttemptKind, whose: string): string => `attempts:${kind}:${whose}`;
