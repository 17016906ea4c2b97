/** Ten thousand guesses at passwords, spread over accounts and over addresses: nearly all are never compared, and owners get in. */
import { setTimeout as delay } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import { ATTEMPT_RULES } from "../../src/adapters/accounts/attempt-limits.ts";
import { BrowserJar, confirmEmail } from "../harness/browser-jar.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { inParallel, range } from "../harness/in-parallel.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { newEmail, type Answer } from "../harness/store.ts";
import { forgetAttempts } from "../security/redis-side.ts";

const GUESSES = 10_000;
const AT_ONCE = 8;
/**
 * Two of them are real, the others nobody's: they are guarded alike. Few enough that also a busy machine can compare all that
 * their limits let through, or it would never come to a refusal.
 */
const ACCOUNTS = 6;
const NETWORKS = 500;
const PASSWORD = "a long and private one";
const MINUTE_MS = 60_000;
const BETWEEN_TRIES_MS = 7_000;
const { perAccount, periodSeconds } = ATTEMPT_RULES.guess;

const store = sharedStore();
const owners: { readonly email: string; readonly browser: BrowserJar }[] = [];

const signIn = (browser: BrowserJar, email: string, password: string): Promise<Answer> =>
  browser.post("/api/auth/sign-in/email", { email, password });

async function newOwner(): Promise<(typeof owners)[number]> {
  const browser = new BrowserJar(store);
  const email = newEmail();
  await browser.post("/api/auth/sign-up/email", { name: "Ada", email, password: PASSWORD });
  await confirmEmail(store, browser, { email, password: PASSWORD });
  expect((await signIn(browser, email, PASSWORD)).status).toBe(200);
  return { email, browser };
}

beforeAll(async () => {
  await forgetAttempts(store);
  owners.push(await newOwner(), await newOwner());
});

describe("ten thousand guesses over six accounts and five hundred addresses", () => {
  it("are stopped after ten an account and minute; owners sign in, at once where they were before", async () => {
    const [atHome, elsewhere] = owners;
    if (atHome === undefined || elsewhere === undefined) throw new Error("nobody has signed up");
    const emails = [...owners.map(({ email }) => email), ...range(ACCOUNTS - 2).map(newEmail)];
    const networks = range(NETWORKS).map((index) => `198.18.${String(index >> 8)}.${String(index & 255)}`);
    const guess = (index: number): Promise<Answer> => {
      const browser = new BrowserJar(store, networks[index % NETWORKS]);
      return signIn(browser, emails[index % ACCOUNTS] ?? "", `guess number ${String(index)}`);
    };
    const statuses = new Map<number, number>();
    const startedAt = performance.now();
    await inParallel(range(GUESSES), AT_ONCE, async (_, index) => {
      const { status } = await guess(index);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (index === GUESSES / 2) await untilSignedIn(atHome.browser, atHome.email);
    });
    const elapsedSeconds = (performance.now() - startedAt) / 1000;
    const told = { elapsedSeconds, statuses: Object.fromEntries(statuses) };

    // 503 is what a store answers that cannot count in time: closed, too.
    expect(Object.keys(told.statuses).filter((status) => !["401", "429", "503"].includes(status))).toEqual(
      [],
    );
    const compared = statuses.get(401) ?? 0;
    const periods = Math.ceil(elapsedSeconds / periodSeconds) + 1;
    expect({ ...told, early: compared <= periods * ACCOUNTS * perAccount }).toEqual({ ...told, early: true });

    // At a browser that nobody knows, once the guesses have ended.
    await untilSignedIn(new BrowserJar(store), elsewhere.email);
  }, 600_000);

  it("are no better for being right, once there were too many", async () => {
    const [owner] = owners;
    if (owner === undefined) throw new Error("nobody has signed up");
    await forgetAttempts(store);
    const wrong = await inParallel(range(perAccount), 1, async (index) => {
      const { status } = await signIn(new BrowserJar(store), owner.email, `guess number ${String(index)}`);
      return status;
    });
    expect(new Set(wrong)).toEqual(new Set([401]));
    expectProblem(await signIn(new BrowserJar(store), owner.email, PASSWORD), "rate_limited");
    expect((await signIn(owner.browser, owner.email, PASSWORD)).status).toBe(200);
  });
});

/** Within a minute, trying as often as a person would: what is over the limit counts, too. */
async function untilSignedIn(browser: BrowserJar, email: string): Promise<void> {
  await waitFor(
    async () => {
      if ((await signIn(browser, email, PASSWORD)).status === 200) return true;
      await delay(BETWEEN_TRIES_MS);
      return false;
    },
    { what: "the owner to sign in", timeoutMs: MINUTE_MS },
  );
}
