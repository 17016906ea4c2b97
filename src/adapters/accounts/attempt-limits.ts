/**
 * Limits on what may be tried at the doors of accounts and of orders: by account, by order and by network, counted in Redis in one step. Without Redis
 * nothing is counted, so nothing may be tried: the caller is told `RedisUnavailable`.
 */
import type { Redis } from "../redis/redis.ts";

/** What is tried. Guessing a password, having an e-mail sent, making an account, looking an order up, and everything else. */
export type AttemptKind = "guess" | "mail" | "creation" | "lookup" | "ordinary";

interface AttemptRule {
  readonly periodSeconds: number;
  /** Per account, whoever tries; per order, too. */
  readonly perAccount: number;
  /** Per account from a browser that was signed in to it before: an attacker cannot use this up. */
  readonly perKnownBrowser: number;
  /** Per network (IPv4 address or IPv6 /64). */
  readonly perNetwork: number;
}

/** A minute's lock for guesses, as OWASP's Authentication Cheat Sheet advises over locking an account for good. */
export const ATTEMPT_RULES: Readonly<Record<AttemptKind, AttemptRule>> = {
  guess: { periodSeconds: 60, perAccount: 10, perKnownBrowser: 10, perNetwork: 30 },
  mail: { periodSeconds: 900, perAccount: 3, perKnownBrowser: 3, perNetwork: 30 },
  creation: { periodSeconds: 900, perAccount: 3, perKnownBrowser: 3, perNetwork: 20 },
  lookup: { periodSeconds: 900, perAccount: 5, perKnownBrowser: 5, perNetwork: 30 },
  ordinary: { periodSeconds: 60, perAccount: 120, perKnownBrowser: 120, perNetwork: 300 },
};

export interface Attempt {
  readonly kind: AttemptKind;
  readonly network: string;
  /** A key for the account it is about, without personal data; null where there is none. */
  readonly account: string | null;
  /** The number of the order it is about, where it is about one. */
  readonly order?: string;
  /** Whether the browser was signed in to this account before. */
  readonly isKnownBrowser: boolean;
}

export type AttemptVerdict =
  { readonly ok: true } | { readonly ok: false; readonly retryAfterSeconds: number };

/**
 * Counts an attempt and judges it.
 *
 * @throws RedisUnavailable when it cannot be counted
 */
export async function judgeAttempt(
  redis: Pick<Redis, "increment">,
  attempt: Attempt,
): Promise<AttemptVerdict> {
  const { kind, network, account, order, isKnownBrowser } = attempt;
  const { periodSeconds, perAccount, perKnownBrowser, perNetwork } = ATTEMPT_RULES[kind];
  const counted = [{ key: `network:${network}`, limit: perNetwork }];
  if (account !== null) {
    counted.push(
      isKnownBrowser
        ? { key: `known:${account}`, limit: perKnownBrowser }
        : { key: `account:${account}`, limit: perAccount },
    );
  }
  if (order !== undefined) counted.push({ key: `order:${order}`, limit: perAccount });
  // All are waited for, also where one is refused: Redis left alone after failures lets one call through to see whether it is back,
  // and a call that is dropped with its request's answer would never tell.
  const counts = await Promise.allSettled(
    counted.map(({ key }) => redis.increment(`attempts:${kind}:${key}`, periodSeconds)),
  );
  const isOver = counts.map(countOf).some((count, index) => count > (counted[index]?.limit ?? 0));
  return isOver ? { ok: false, retryAfterSeconds: periodSeconds } : { ok: true };
}

function countOf(settled: PromiseSettledResult<number>): number {
  if (settled.status === "rejected") throw settled.reason;
  return settled.value;
}
