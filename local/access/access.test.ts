/** The stand-in for Access, checked by the Worker's own check. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAccess } from "../../src/adapters/access/access.ts";
import { createKeySetApp } from "./key-set-app.ts";
import { LOCAL_AUDIENCE, OPS_ROLES, signOpsToken } from "./sign-ops-token.ts";
import { loadSigningKey } from "./signing-key.ts";

let stateDirectory: string;
let server: Server;
let issuer: string;

beforeEach(async () => {
  stateDirectory = mkdtempSync(join(tmpdir(), "holdfast-access-"));
  server = createAdaptorServer({ fetch: createKeySetApp(stateDirectory).fetch, createServer }) as Server;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(stateDirectory, { recursive: true, force: true });
});

describe("an ops token", () => {
  it.each(OPS_ROLES)("lets a %s in, by the Worker's check and the keys served here", async (role) => {
    const token = await signOpsToken({ stateDirectory, role, audience: LOCAL_AUDIENCE, issuer });
    const decision = await createAccess({ issuer, audience: LOCAL_AUDIENCE }).verify(token);
    const principal = { subject: expect.any(String) as string, email: `${role}@holdfast.example`, role };
    expect(decision).toEqual({ ok: true, principal });
  });

  it("looks as Access' own and lives 15 minutes", async () => {
    const options = { stateDirectory, role: "support", audience: LOCAL_AUDIENCE, issuer } as const;
    const token = await signOpsToken({ ...options, email: "ada@example.com" });
    expect(decodeProtectedHeader(token)).toEqual({
      alg: "RS256",
      kid: expect.any(String) as string,
      typ: "JWT",
    });
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({
      iss: issuer,
      aud: [LOCAL_AUDIENCE],
      email: "ada@example.com",
      custom: { role: "support" },
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(900);
    const again = decodeJwt(await signOpsToken({ ...options, email: "ada@example.com" }));
    expect(again.sub).toBe(claims.sub);
  });

  it("is worth nothing to another audience, another issuer, or with another key", async () => {
    const token = await signOpsToken({ stateDirectory, role: "manager", audience: LOCAL_AUDIENCE, issuer });
    const invalid = { ok: false, reason: "invalid" };
    expect(await createAccess({ issuer, audience: "other" }).verify(token)).toEqual(invalid);
    const elsewhere = mkdtempSync(join(tmpdir(), "holdfast-access-"));
    try {
      const forged = await signOpsToken({
        stateDirectory: elsewhere,
        role: "manager",
        audience: LOCAL_AUDIENCE,
        issuer,
      });
      expect(await createAccess({ issuer, audience: LOCAL_AUDIENCE }).verify(forged)).toEqual(invalid);
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });
});

describe("the signing key", () => {
  it("is made once, also when many ask at once, and readable by its owner alone", async () => {
    const keys = await Promise.all(Array.from({ length: 5 }, () => loadSigningKey(stateDirectory)));
    expect(new Set(keys.map(({ keyId }) => keyId)).size).toBe(1);
    expect(readdirSync(stateDirectory)).toEqual(["access-key.json"]);
    expect(statSync(join(stateDirectory, "access-key.json")).mode & 0o777).toBe(0o600);
  });

  it("is not served in its private part", async () => {
    const response = await fetch(`${issuer}/cdn-cgi/access/certs`);
    const { keys } = (await response.json()) as { keys: Record<string, unknown>[] };
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([["alg", "e", "kid", "kty", "n", "use"]]);
  });

  it("says what to do where its file is broken", async () => {
    writeFileSync(join(stateDirectory, "access-key.json"), "{");
    await expect(loadSigningKey(stateDirectory)).rejects.toThrow(
      /access-key\.json cannot be read as a key; remove it/,
    );
  });
});

describe("ops-token", () => {
  const run = (...args: string[]): Promise<{ failed: boolean; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      const command = [join(import.meta.dirname, "ops-token.ts"), ...args];
      const env = { ...process.env, STATE_DIR: stateDirectory };
      execFile(process.execPath, command, { env }, (error, stdout, stderr) => {
        resolve({ failed: error !== null, stdout, stderr });
      });
    });

  it("prints a token for the running platform and nothing else", async () => {
    writeFileSync(join(stateDirectory, "endpoints.json"), JSON.stringify({ mail: issuer }));
    const { stdout, stderr } = await run("--role", "viewer");
    expect(stderr).toBe("");
    const decision = await createAccess({ issuer, audience: LOCAL_AUDIENCE }).verify(stdout.trim());
    expect(decision).toMatchObject({ ok: true, principal: { role: "viewer" } });
    expect(decodeJwt((await run()).stdout.trim())).toMatchObject({ custom: { role: "manager" } });
  });

  it("says in one sentence that the platform is not running", async () => {
    const sentence = /^The local platform is not running: [^\n]+\n$/;
    expect(await run()).toMatchObject({
      failed: true,
      stdout: "",
      stderr: expect.stringMatching(sentence) as string,
    });
    writeFileSync(join(stateDirectory, "endpoints.json"), JSON.stringify({ mail: "http://127.0.0.1:1" }));
    expect((await run()).stderr).toMatch(sentence);
  });

  it("refuses a role it does not know", async () => {
    const { failed, stderr } = await run("--role", "owner");
    expect(failed).toBe(true);
    expect(stderr).toBe('--role takes viewer, support, manager, not "owner".\n');
  });
});
