/** The Access check: it lets in exactly the tokens that Access would make for us, and fails closed. */
import { SignJWT, base64url, createLocalJWKSet, errors, exportJWK, generateKeyPair } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { createAccess, type Access } from "./access.ts";

const ISSUER = "https://team.access.example";
const AUDIENCE = "holdfast-test";

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>["privateKey"];

let key: PrivateKey;
let access: Access;
let foreignKey: PrivateKey;

beforeAll(async () => {
  const pair = await generateKeyPair("RS256", { extractable: true });
  key = pair.privateKey;
  foreignKey = (await generateKeyPair("RS256")).privateKey;
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "RS256" };
  access = createAccess({ issuer: ISSUER, audience: AUDIENCE, keys: createLocalJWKSet({ keys: [jwk] }) });
});

interface Claims {
  issuer?: string;
  audience?: string[];
  expires?: string | null;
  custom?: unknown;
}

async function token(
  { issuer = ISSUER, audience = [AUDIENCE], expires = "5m", custom = { role: "manager" } }: Claims,
  by = key,
) {
  const jwt = new SignJWT({ email: "ops@example.com", custom })
    .setProtectedHeader({ alg: "RS256", kid: "k1" })
    .setSubject("subject-1")
    .setIssuedAt()
    .setIssuer(issuer)
    .setAudience(audience);
  return (expires === null ? jwt : jwt.setExpirationTime(expires)).sign(by);
}

test.each(["viewer", "support", "manager"] as const)("a %s is let in with that role", async (role) => {
  const decision = await access.verify(await token({ custom: { role } }));
  expect(decision).toEqual({ ok: true, principal: { subject: "subject-1", email: "ops@example.com", role } });
});

describe("refused as invalid", () => {
  test.each<[string, Claims]>([
    ["another issuer's token", { issuer: "https://evil.example" }],
    ["another application's token", { audience: ["other"] }],
    ["an expired token", { expires: "-1m" }],
    ["a token that never expires", { expires: null }],
  ])("%s", async (_name, claims) => {
    expect(await access.verify(await token(claims))).toEqual({ ok: false, reason: "invalid" });
  });

  test("a token signed by someone else", async () => {
    expect(await access.verify(await token({}, foreignKey))).toEqual({ ok: false, reason: "invalid" });
  });

  test("an unsigned token, a symmetric one, and no token at all", async () => {
    const encode = (part: object) => base64url.encode(JSON.stringify(part));
    const claims = {
      iss: ISSUER,
      aud: [AUDIENCE],
      sub: "x",
      exp: 4_000_000_000,
      custom: { role: "manager" },
    };
    const unsigned = `${encode({ alg: "none" })}.${encode(claims)}.`;
    const symmetric = `${encode({ alg: "HS256", kid: "k1" })}.${encode(claims)}.${"A".repeat(43)}`;
    for (const forged of [unsigned, symmetric, "", "a.b.c", "🙂"]) {
      expect(await access.verify(forged)).toEqual({ ok: false, reason: "invalid" });
    }
  });

  test("everything, where no issuer or audience is configured", async () => {
    const closed = createAccess({ issuer: "", audience: AUDIENCE });
    expect(await closed.verify(await token({}))).toEqual({ ok: false, reason: "invalid" });
  });
});

test.each([{}, { role: "root" }, { role: ["manager"] }, null, "manager"])(
  "a person whose role claim is %j has no role here",
  async (custom) => {
    expect(await access.verify(await token({ custom }))).toEqual({ ok: false, reason: "no_role" });
  },
);

test("a fault, not a refusal, where the issuer's keys cannot be had", async () => {
  const keys = () => Promise.reject(new errors.JWKSTimeout());
  const unreachable = createAccess({ issuer: ISSUER, audience: AUDIENCE, keys });
  await expect(unreachable.verify(await token({}))).rejects.toThrow();
});
