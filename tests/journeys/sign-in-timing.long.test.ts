/**
 * How long an answer takes tells nobody whether an address has an account. Asked in turn of one that has and of one that has not, so that
 * whatever else happens on the machine happens to both; judged by ranks.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { BrowserJar, confirmEmail } from "../harness/browser-jar.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { newEmail } from "../harness/store.ts";
import { compareTimes } from "../security/rank-test.ts";
import { forgetAttempts } from "../security/redis-side.ts";

const PASSWORD = "a long and private one";
/** The first pairs warm up what is measured. */
const WARM_UP_PAIRS = 10;
const TIMEOUT_MS = 300_000;
/** By chance alone, one run in a thousand is further off (two-sided). */
const MAX_Z = 3.29;

const store = sharedStore();
let known = "";

beforeAll(async () => {
  const browser = new BrowserJar(store);
  known = newEmail();
  await browser.post("/api/auth/sign-up/email", { name: "Ada", email: known, password: PASSWORD });
  await confirmEmail(store, browser, { email: known, password: PASSWORD });
});

const QUESTIONS = [
  // As many pairs as a minute has room for; a slow answer hides more.
  ["sign-in/email", 80, (email: string) => ({ email, password: "not the password at all" })],
  ["request-password-reset", 60, (email: string) => ({ email })],
  ["send-verification-email", 50, (email: string) => ({ email })],
  ["sign-up/email", 80, (email: string) => ({ name: "Eve", email, password: "another long one" })],
] as const;

describe("the time of an answer", () => {
  it.each(QUESTIONS)(
    "of %s is the same for an address with an account and without",
    async (door, pairs, bodyFor) => {
      const times = { known: [] as number[], unknown: [] as number[] };
      const ask = async (kind: keyof typeof times): Promise<void> => {
        const browser = new BrowserJar(store);
        const body = bodyFor(kind === "known" ? known : newEmail());
        const startedAt = performance.now();
        await browser.post(`/api/auth/${door}`, body);
        times[kind].push(performance.now() - startedAt);
      };
      for (let pair = 0; pair < WARM_UP_PAIRS + pairs; pair += 1) {
        await forgetAttempts(store);
        // Neither is always the first of a pair.
        const order = pair % 2 === 0 ? (["known", "unknown"] as const) : (["unknown", "known"] as const);
        for (const kind of order) await ask(kind);
      }
      const found = compareTimes(times.known.slice(WARM_UP_PAIRS), times.unknown.slice(WARM_UP_PAIRS));
      expect({ found, isNoise: Math.abs(found.z) < MAX_Z }).toEqual({ found, isNoise: true });
    },
    TIMEOUT_MS,
  );
});
