import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PROJECT_DIRECTORY } from "../orchestration/settings.ts";
import { findSecrets, isRead } from "./secret-scan.ts";
import { trackedFiles } from "./tracked-files.ts";

const kinds = (text: string, path = "src/anything.ts") => findSecrets(path, text).map(({ kind }) => kind);

/** Put together here, so that this file holds none. */
const joined = (...parts: readonly string[]) => parts.join("");
const RANDOM = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6";

describe("the project's files", () => {
  it("hold no secret", () => {
    const files = trackedFiles().filter(isRead);
    expect(files.length).toBeGreaterThan(500);
    const text = (path: string) => readFileSync(join(PROJECT_DIRECTORY, path), "utf8");
    expect(files.flatMap((path) => findSecrets(path, text(path)))).toEqual([]);
  });
});

describe("the scan", () => {
  it.each([
    ["a private key", joined("-----BEGIN ", "PRIVATE KEY-----")],
    ["a private key", joined("-----BEGIN RSA ", "PRIVATE KEY-----")],
    ["a Stripe live key", joined("sk_", "live_", RANDOM)],
    ["a Stripe test key", joined("sk_", "test_", RANDOM)],
    ["a Stripe webhook secret", joined("whsec_", RANDOM)],
    ["an AWS key", joined("AKIA", "ABCDEFGH12345678")],
    ["a GitHub token", joined("ghp_", RANDOM, "abcd")],
    ["an npm token", joined("npm_", RANDOM, "abcd")],
    ["a Google client secret", joined("GOCSPX-", RANDOM)],
    ["a Neon key or password", joined("npg_", "AbCdEf123456")],
    ["a Turnstile secret", joined("0x4AAAAAAA", RANDOM)],
    ["a signed token", joined("eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0NTY3ODkwIn0.", RANDOM)],
    ["an address with a password", joined("postgres://ada:", "hunter2hunter2", "@db.neon.tech/main")],
    ["a secret set to a value", joined("UPSTASH_REDIS_REST_TOKEN = ", '"', RANDOM, '"')],
    ["a secret set to a value", joined('  "APPLE_CLIENT_SECRET": ', '"', RANDOM, '"')],
  ])("knows %s", (kind, text) => {
    expect(kinds(`const value = 1;\n${text}\n`)).toContain(kind);
    expect(findSecrets("a.ts", `\n\n${text}`)[0]?.line).toBe(3);
    expect(JSON.stringify(findSecrets("a.ts", text))).not.toContain(RANDOM);
  });

  it.each([".dev.vars", "deep/.env", ".env.production", "keys/store.pem", "id_ed25519"])(
    "lets nobody commit %s",
    (path) => {
      expect(kinds("", path)).toEqual(["a file of secrets"]);
    },
  );

  it.each([
    "sk_test_of_the_tests",
    "sk_live_…",
    'const token = env("UPSTASH_REDIS_REST_TOKEN");',
    'SIGNING_KEYS: "v1:a-secret-of-the-tests-that-is-long-enough"',
    "postgres://postgres:postgres@127.0.0.1:5432/holdfast",
    "https://store.example/orders/a?token=x",
    '"integrity": "sha512-abc"',
  ])("leaves %j alone", (text) => {
    expect(kinds(text)).toEqual([]);
    expect(kinds("", ".dev.vars.example")).toEqual([]);
  });
});
