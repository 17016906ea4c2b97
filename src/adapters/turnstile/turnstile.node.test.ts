/** The siteverify adapter against the local stand-in, and against one that is slow, failing or gone. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startTurnstile, type RunningTurnstile } from "../../../local/turnstile/server.ts";
import { createTurnstile, type TokenQuestion } from "./turnstile.ts";

const HOSTNAME = "shop.example";
/** What is tested is not the speed of this machine. */
const PATIENT_MS = 10_000;

let running: RunningTurnstile;
let faults: unknown[] = [];
beforeAll(async () => {
  running = await startTurnstile({ port: 0, siteKey: "site", secretKey: "secret" });
});
afterEach(async () => {
  faults = [];
  await post("/_standin/reset", {});
});
afterAll(() => running.close());

async function post(path: string, body: unknown): Promise<unknown> {
  const response = await fetch(running.url + path, { method: "POST", body: JSON.stringify(body) });
  return await response.json();
}

async function tokenFor(details: object = {}): Promise<string> {
  const made = await post("/_standin/tokens", { hostname: HOSTNAME, action: "place_order", ...details });
  return (made as { token: string }).token;
}

const adapter = (more: { secretKey?: string; timeoutMs?: number; verifyUrl?: string } = {}) =>
  createTurnstile({
    verifyUrl: `${running.url}/turnstile/v0/siteverify`,
    secretKey: "secret",
    clock: Date.now,
    timeoutMs: PATIENT_MS,
    report: (fault) => faults.push(fault),
    ...more,
  });
const question = (token: string, more: Partial<TokenQuestion> = {}): TokenQuestion => ({
  token,
  hostname: HOSTNAME,
  action: "place_order",
  remoteIp: "192.0.2.1",
  ...more,
});

describe("a token", () => {
  it("is good once", async () => {
    const token = await tokenFor();
    expect(await adapter().verify(question(token))).toEqual({ ok: true });
    expect(await adapter().verify(question(token))).toEqual({ ok: false, reason: "used_or_expired" });
  });

  it("is good again for the very thing it was spent on, and for nothing else", async () => {
    const token = await tokenFor();
    const spent = await adapter().verify(question(token, { spentOn: "order-1" }));
    const repeated = await adapter().verify(question(token, { spentOn: "order-1" }));
    const other = await adapter().verify(question(token, { spentOn: "order-2" }));
    expect([spent, repeated, other]).toEqual([
      { ok: true },
      { ok: true },
      { ok: false, reason: "used_or_expired" },
    ]);
  });

  it.each([
    ["another site", { hostname: "elsewhere.example" }, "foreign_host"],
    ["another purpose", { action: "sign_up" }, "foreign_action"],
    ["nearly five minutes ago", { ageSeconds: 290 }, "ok"],
    ["too long ago", { ageSeconds: 301 }, "used_or_expired"],
    ["the future", { ageSeconds: -120 }, "too_old"],
  ])("of %s is judged by what siteverify says of it", async (_, details, expected) => {
    const verdict = await adapter().verify(question(await tokenFor(details)));
    expect(verdict.ok ? "ok" : verdict.reason).toBe(expected);
  });

  it("that is none is refused; an endless one without being asked about", async () => {
    expect(await adapter().verify(question("made up"))).toEqual({ ok: false, reason: "not_a_token" });
    const unasked = adapter({ verifyUrl: "http://127.0.0.1:1/" });
    expect(await unasked.verify(question("x".repeat(2049)))).toEqual({ ok: false, reason: "not_a_token" });
    expect(await unasked.verify(question(""))).toEqual({ ok: false, reason: "not_a_token" });
    expect(faults).toEqual([]);
  });
});

describe("a siteverify that", () => {
  it.each(["failing", "slow"])("is %s makes tokens unknowable, not bad", async (siteverify) => {
    const token = await tokenFor();
    await post("/_standin/mood", { siteverify });
    const timeoutMs = siteverify === "slow" ? 50 : PATIENT_MS;
    const unreachable = { ok: false, reason: "unreachable" };
    expect(await adapter({ timeoutMs }).verify(question(token))).toEqual(unreachable);
    expect(faults).toHaveLength(2);
    await post("/_standin/reset", {});
    expect(await adapter().verify(question(token))).toEqual({ ok: true });
  });

  it("does not know our secret says nothing of the token", async () => {
    const verdict = await adapter({ secretKey: "wrong" }).verify(question(await tokenFor()));
    expect(verdict).toEqual({ ok: false, reason: "unreachable" });
    expect(String(faults[0])).toContain("invalid-input-secret");
  });

  it("is away for long is left alone, so that a rush does not wait for it", async () => {
    await post("/_standin/mood", { siteverify: "failing" });
    const patient = adapter();
    for (let index = 0; index < 5; index++) await patient.verify(question("any"));
    expect(faults).toHaveLength(4);
  });

  it("is slow for long is asked by everybody: it may answer the next one in time", async () => {
    await post("/_standin/mood", { siteverify: "slow" });
    const impatient = adapter({ timeoutMs: 20 });
    for (let index = 0; index < 5; index++) await impatient.verify(question("any"));
    expect(faults).toHaveLength(10);
  });
});
