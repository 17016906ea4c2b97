/** Many people behind one address: what they do right costs the others nothing, and a guesser among them gets no more tries. */
import { expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import { ATTEMPT_RULES } from "../../src/adapters/accounts/attempt-limits.ts";
import { BrowserJar, confirmEmail } from "../harness/browser-jar.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { inParallel, range } from "../harness/in-parallel.ts";
import { ownStore } from "../harness/own-store.ts";
import { EVENTUALLY_MS, newEmail, type Answer, type Store } from "../harness/store.ts";
import { attemptsCounted, countAttempts, forgetAttempts } from "../security/redis-side.ts";

const running = ownStore();
const store = (): Store => running().store;

const PASSWORD = "a long and private one";
const PEOPLE = 6;
const SIGN_INS_EACH = 6;
const { guess, creation } = ATTEMPT_RULES;

const signUp = (email: string, address: string): Promise<Answer> =>
  new BrowserJar(store(), address).post("/api/auth/sign-up/email", {
    name: "Ada",
    email,
    password: PASSWORD,
  });

const signIn = (browser: BrowserJar, email: string, password = PASSWORD): Promise<Answer> =>
  browser.post("/api/auth/sign-in/email", { email, password });

async function newPerson(address: string): Promise<{ email: string; browser: BrowserJar }> {
  const email = newEmail();
  const browser = new BrowserJar(store(), address);
  expect((await signUp(email, address)).status).toBe(200);
  await confirmEmail(store(), browser, { email, password: PASSWORD });
  return { email, browser };
}

it("six people sign in six times each, in new browsers, within a minute", async () => {
  const address = "198.51.100.1";
  const people = await inParallel(range(PEOPLE), 2, () => newPerson(address));
  await forgetAttempts(store());
  const signIns = range(SIGN_INS_EACH).flatMap(() => people);
  const statuses = await inParallel(signIns, 2, async ({ email }) => {
    const { status } = await signIn(new BrowserJar(store(), address), email);
    return status;
  });
  expect(statuses).toEqual(signIns.map(() => 200));
});

it("more people make accounts than a network may without proving to be persons", async () => {
  const address = "198.51.100.2";
  const statuses = await inParallel(range(creation.perNetwork + 5), 2, async () => {
    const { status } = await signUp(newEmail(), address);
    return status;
  });
  expect(new Set(statuses)).toEqual(new Set([200]));
});

it("a guesser behind the address gains nothing by right guesses, and keeps no owner out of a browser of theirs", async () => {
  const address = "198.51.100.3";
  const counter = `guess:network:${address}`;
  const { email, browser } = await newPerson(address);
  expect((await signIn(browser, email)).status).toBe(200);
  await countAttempts(store(), counter, guess.perNetwork - 1);

  // The last one is used for a right one, and given back.
  expect((await signIn(new BrowserJar(store(), address), email)).status).toBe(200);
  await waitFor(async () => (await attemptsCounted(store(), counter)) === guess.perNetwork - 1, {
    what: "the right guess to be credited",
    timeoutMs: EVENTUALLY_MS,
  });
  const wrong = () => signIn(new BrowserJar(store(), address), newEmail(), "a guess at a password");
  expectProblem(await wrong(), "invalid_credentials");
  expectProblem(await wrong(), "rate_limited");
  expectProblem(await signIn(new BrowserJar(store(), address), email), "rate_limited");
  expect(await attemptsCounted(store(), counter)).toBe(guess.perNetwork);
  expect((await signIn(browser, email)).status).toBe(200);
});
