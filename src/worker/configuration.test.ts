/** Start-up: what is missing is named. */
import { describe, expect, it } from "vitest";
import { missingHalves, missingSecrets, NotConfigured, requireSecrets } from "./configuration.ts";
import { SECRET_NAMES } from "./secret-names.ts";

const SET = Object.fromEntries(SECRET_NAMES.map((name) => [name, "set"]));
const WITHOUT_PAIRS = { GOOGLE_CLIENT_ID: "", APPLE_CLIENT_ID: "", TURNSTILE_SITE_KEY: "" };
const envWith = (over: Record<string, string>) => ({ ...SET, ...WITHOUT_PAIRS, ...over }) as unknown as Env;

describe("a deployment", () => {
  it("with every secret lacks nothing", () => {
    expect(missingSecrets(envWith({}))).toEqual([]);
    expect(missingHalves(envWith({}))).toEqual([]);
  });

  it.each(SECRET_NAMES)("without %s is told so by name", (name) => {
    const env = envWith({ [name]: "" });
    expect(missingSecrets(env)).toEqual([name]);
    expect(() => {
      requireSecrets(env, name);
    }).toThrow(NotConfigured);
  });

  it.each([
    ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"],
    ["APPLE_CLIENT_ID", "APPLE_CLIENT_SECRET"],
    ["TURNSTILE_SITE_KEY", "TURNSTILE_SECRET_KEY"],
  ])("with %s alone is told of %s, and the other way round", (variable, secret) => {
    expect(missingHalves(envWith({ [variable]: "set" }))).toEqual([secret]);
    expect(missingHalves(envWith({ [secret]: "set" }))).toEqual([variable]);
    expect(missingHalves(envWith({ [variable]: "set", [secret]: "set" }))).toEqual([]);
  });
});
