/** Counting attempts: by network and by account, in Redis itself, closed where it cannot be done, and free where one was right. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ENGINES_UNDER_TEST, TEST_TOKEN, type RunningEngine } from "../../../local/redis/running-engines.ts";
import { createRedis, type Redis } from "../redis/redis.ts";
import {
  ATTEMPT_RULES,
  creditNetwork,
  judgeAttempt,
  type Attempt,
  type AttemptVerdict,
} from "./attempt-limits.ts";

/** Generous: what is tested here is not the speed of this machine. */
const PATIENT_MS = 10_000;
const { guess, creation } = ATTEMPT_RULES;

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);
let attempts = 0;
/** By default from a network and at an account that nobody else has. */
function attempt(details: Partial<Attempt> = {}): Attempt {
  attempts += 1;
  return {
    kind: "guess",
    network: `network-${String(attempts)}`,
    account: `account-${String(attempts)}`,
    isKnownBrowser: false,
    isProvenPerson: false,
    ...details,
  };
}
const allowed = (verdicts: readonly AttemptVerdict[]): number => verdicts.filter(({ ok }) => ok).length;

describe.each(ENGINES_UNDER_TEST)("on the $name engine", ({ installed, start }) => {
  let running: RunningEngine;
  let redis: Redis;
  beforeAll(async () => {
    if (!installed) return;
    running = await start();
    redis = createRedis({ url: running.url, token: TEST_TOKEN, timeoutMs: PATIENT_MS });
  });
  afterAll(async () => {
    if (installed) await running.stop();
  });
  const judge = (details: Partial<Attempt>) => judgeAttempt(redis, attempt(details));
  const judgeAll = (count: number, details: Partial<Attempt>) =>
    Promise.all(range(count).map(() => judge(details)));

  it.skipIf(!installed)(
    "refuses past the account's limit, from whatever network, for no longer than a period",
    async () => {
      const verdicts = await judgeAll(guess.perAccount + 5, { account: "guessed" });
      expect(allowed(verdicts)).toBe(guess.perAccount);
      const refused = verdicts.find(({ ok }) => !ok);
      expect(refused).toMatchObject({ ok: false, retryAfterSeconds: expect.any(Number) as number });
      const { retryAfterSeconds } = refused as Extract<AttemptVerdict, { ok: false }>;
      expect(retryAfterSeconds).toBeGreaterThan(0);
      expect(retryAfterSeconds).toBeLessThanOrEqual(guess.periodSeconds);
    },
  );

  it.skipIf(!installed)("takes any number of right sign-ins from one network", async () => {
    for (let signIn = 0; signIn < 3 * guess.perNetwork; signIn += 1) {
      const verdict = await judge({ network: "an office" });
      expect(verdict.ok).toBe(true);
      if (verdict.ok) await creditNetwork(redis, verdict);
    }
  });

  it.skipIf(!installed)(
    "gives a network no more wrong guesses than its limit, whatever else is right at once",
    async () => {
      const network = "an office with a guesser";
      let wrong = 0;
      // Every third one is right; all are sent before any is answered.
      const outcomes = range(6 * guess.perNetwork).map(async (index) => {
        const verdict = await judge({ network });
        if (!verdict.ok) return;
        if (index % 3 === 0) await creditNetwork(redis, verdict);
        else wrong += 1;
      });
      await Promise.all(outcomes);
      for (let more = 0; more < guess.perNetwork; more += 1) if ((await judge({ network })).ok) wrong += 1;
      expect(wrong).toBe(guess.perNetwork);
      expect((await judge({ network })).ok).toBe(false);
    },
  );

  it.skipIf(!installed)("credits nothing to a window that began later", async () => {
    const network = "across two windows";
    const early = await judge({ network });
    await redis.delete(`attempts:guess:network:${network}`);
    const verdicts = await judgeAll(guess.perNetwork, { network });
    expect(allowed(verdicts)).toBe(guess.perNetwork);
    if (early.ok) await creditNetwork(redis, early);
    expect((await judge({ network })).ok).toBe(false);
  });

  it.skipIf(!installed)(
    "does not count what it refuses: an account's limit uses up nothing of its network's",
    async () => {
      const network = "one stubborn guesser";
      await judgeAll(2 * guess.perNetwork, { network, account: "always the same" });
      const others = await judgeAll(guess.perNetwork, { network });
      expect(allowed(others)).toBe(guess.perNetwork - guess.perAccount);
    },
  );

  it.skipIf(!installed)("judges a browser that was signed in before by its account alone", async () => {
    const network = "used up by a guesser";
    await judgeAll(guess.perNetwork, { network });
    expect((await judge({ network })).ok).toBe(false);
    const owner = await judgeAll(guess.perKnownBrowser + 1, {
      network,
      account: "owner",
      isKnownBrowser: true,
    });
    expect(allowed(owner)).toBe(guess.perKnownBrowser);
  });

  it.skipIf(!installed)(
    "makes more accounts for one network where each has proven a person, and never more guesses",
    async () => {
      const network = "a campus";
      const unproven = await judgeAll(creation.perNetwork + 1, { kind: "creation", network });
      expect(allowed(unproven)).toBe(creation.perNetwork);
      const proven = await judgeAll(100, { kind: "creation", network, isProvenPerson: true });
      expect(allowed(proven)).toBe(100);
      const guesses = await judgeAll(2 * guess.perNetwork, { network, isProvenPerson: true });
      expect(allowed(guesses)).toBe(guess.perNetwork);
    },
  );
});

it("that cannot be counted is not made", async () => {
  const redis = createRedis({ url: "http://127.0.0.1:1", token: "t", timeoutMs: PATIENT_MS });
  await expect(judgeAttempt(redis, attempt())).rejects.toMatchObject({ name: "RedisUnavailable" });
});
