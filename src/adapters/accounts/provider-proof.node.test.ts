/** Google's word as a proof of the mailbox, on a real Postgres; only Google's token endpoint is played here. */
import { randomUUID } from "node:crypto";
import { UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startTestDatabase, type TestDatabase } from "../../../tests/fixtures/database.ts";
import { createNeonClient } from "../postgres/neon-client.ts";
import { createAccounts, type Accounts } from "./accounts.ts";
import { hashPassword } from "./password.ts";

const ORIGIN = "http://localhost:8787";
const TOKEN_ENDPOINT = "https://oauth2.googleapis.com/token";

let postgres: TestDatabase;
let accounts: Accounts;
/** Of whom Google speaks next. */
let profile: { readonly sub: string; readonly email: string; readonly email_verified: boolean };

beforeAll(async () => {
  postgres = await startTestDatabase();
  const values = new Map<string, string>();
  accounts = createAccounts({
    database: createNeonClient(postgres.url, postgres.proxyUrl, 15_000),
    redis: {
      sessions: {
        get: (key) => Promise.resolve(values.get(key) ?? null),
        set: (key, value) => Promise.resolve(void values.set(key, value)),
      },
      revocations: {
        delete: (key) => Promise.resolve(void values.delete(key)),
        take: (key) => Promise.resolve(values.get(key) ?? null).finally(() => values.delete(key)),
        increment: () => Promise.resolve(1),
      },
    },
    origin: ORIGIN,
    secret: "a secret of the tests that is long enough",
    send: () => Promise.resolve(),
    social: { google: { clientId: "client", clientSecret: "secret" } },
    waitUntil: () => undefined,
    report: () => undefined,
    claim: () => Promise.resolve(),
  });
  const { fetch } = globalThis;
  vi.stubGlobal("fetch", (input: RequestInfo | URL, init?: RequestInit) => {
    const url = input instanceof Request ? input.url : String(input);
    if (url !== TOKEN_ENDPOINT) return fetch(input, init);
    const idToken = new UnsecuredJWT({ ...profile, name: "Ada" }).setAudience("client").encode();
    return Promise.resolve(Response.json({ access_token: "token", token_type: "Bearer", id_token: idToken }));
  });
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await postgres.stop();
});

/** Signs in with Google, as the browser is led: out with the state's cookie, and back with a code. Answers where it ends. */
async function signInWithGoogle(email: string, isVerified: boolean): Promise<string> {
  profile = { sub: `subject of ${email}`, email, email_verified: isVerified };
  const left = await accounts.handle(
    new Request(`${ORIGIN}/api/auth/sign-in/social`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: ORIGIN },
      body: JSON.stringify({ provider: "google", callbackURL: "/account" }),
    }),
  );
  const { url } = (await left.json()) as { url: string };
  const state = new URL(url).searchParams.get("state") ?? "";
  const cookie = left.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const back = `${ORIGIN}/api/auth/callback/google?${new URLSearchParams({ code: "code", state }).toString()}`;
  return (await accounts.handle(new Request(back, { headers: { cookie } }))).headers.get("location") ?? "";
}

/** An account created with an address, with a password and all that a session could have added. */
async function account(email: string, isVerified: boolean): Promise<string> {
  const id = randomUUID();
  await postgres.rows("insert into users (id, name, email, email_verified) values ($1, 'Eve', $2, $3)", [
    id,
    email,
    isVerified,
  ]);
  await postgres.rows(
    "insert into identities (id, user_id, account_id, provider_id, password) values ($1, $2, $2, 'credential', $3)",
    [randomUUID(), id, await hashPassword("the password of a stranger")],
  );
  await postgres.rows(
    `insert into passkeys (id, public_key, user_id, credential_id, counter, device_type, backed_up)
     values ($1, 'none', $2, $1, 0, 'singleDevice', false)`,
    [randomUUID(), id],
  );
  return id;
}

const waysIn = async (email: string) =>
  await postgres.rows(
    `select email_verified, (select jsonb_agg(provider_id order by provider_id) from identities where user_id = users.id) as identities,
       (select count(*)::int from passkeys where user_id = users.id) as passkeys
     from users where email = $1`,
    [email],
  );

describe("signing in with Google", () => {
  it("proves the address of an account whose address was not proven: nothing that was set on it before stays", async () => {
    await account("victim@example.com", false);
    expect(await signInWithGoogle("victim@example.com", true)).toBe("/account");
    expect(await waysIn("victim@example.com")).toEqual([
      { email_verified: true, identities: ["google"], passkeys: 0 },
    ]);
  });

  it("is one more way into an account whose address was proven, and takes none away", async () => {
    await account("ada@example.com", true);
    expect(await signInWithGoogle("ada@example.com", true)).toBe("/account");
    expect(await waysIn("ada@example.com")).toEqual([
      { email_verified: true, identities: ["credential", "google"], passkeys: 1 },
    ]);
  });

  it("creates an account with a proven address", async () => {
    expect(await signInWithGoogle("new@example.com", true)).toBe("/account");
    expect(await waysIn("new@example.com")).toEqual([
      { email_verified: true, identities: ["google"], passkeys: 0 },
    ]);
  });

  it("is refused where Google does not say that the address is the person's", async () => {
    await account("other@example.com", false);
    for (const email of ["unsaid@example.com", "other@example.com"])
      expect(await signInWithGoogle(email, false)).toContain("/account/sign-in?said=provider_failed");
    expect(await waysIn("unsaid@example.com")).toEqual([]);
    expect(await waysIn("other@example.com")).toEqual([
      { email_verified: false, identities: ["credential"], passkeys: 1 },
    ]);
  });
});
