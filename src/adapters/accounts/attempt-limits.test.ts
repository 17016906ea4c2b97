/** Counting attempts: by network and by account, closed where it cannot be done, and open again once it can. */
import { describe, expect, it } from "vitest";
import { ATTEMPT_RULES, judgeAttempt, type Attempt } from "./attempt-limits.ts";

const ATTEMPT: Attempt = { kind: "guess", network: "192.0.2.1", account: "somebody", isKnownBrowser: false };

function countingRedis() {
  const counts = new Map<string, number>();
  return {
    increment(key: string): Promise<number> {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return Promise.resolve(count);
    },
  };
}

describe("an attempt", () => {
  it("is refused past the account's limit, from whatever network", async () => {
    const redis = countingRedis();
    const from = (index: number) => judgeAttempt(redis, { ...ATTEMPT, network: `192.0.2.${String(index)}` });
    for (let tried = 0; tried < ATTEMPT_RULES.guess.perAccount; tried += 1)
      expect(await from(tried)).toEqual({ ok: true });
    expect(await from(99)).toEqual({ ok: false, retryAfterSeconds: ATTEMPT_RULES.guess.periodSeconds });
  });

  it("that cannot be counted is not made, and the one call that tries Redis again is heard out", async () => {
    const heard: string[] = [];
    let calls = 0;
    const redis = {
      async increment(key: string): Promise<number> {
        calls += 1;
        if (calls === 2) throw new Error("Redis is left alone after failures");
        await new Promise((resolve) => setTimeout(resolve, 1));
        heard.push(key);
        return 1;
      },
    };
    await expect(judgeAttempt(redis, ATTEMPT)).rejects.toThrow("left alone");
    expect(heard).toEqual(["attempts:guess:network:192.0.2.1"]);
    expect(await judgeAttempt(redis, ATTEMPT)).toEqual({ ok: true });
  });
});
