import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { choosePort } from "../process/free-port.ts";
import { startPlatform, type Platform } from "./platform.ts";
import { platformSettings } from "./settings.ts";

const TIMEOUT_MS = 120_000;

const stateDirectory = mkdtempSync(join(tmpdir(), "holdfast-environment-"));
let platform: Platform | undefined;
afterEach(async () => {
  await platform?.stop();
  vi.unstubAllEnvs();
  rmSync(stateDirectory, { recursive: true, force: true });
});

it(
  "the platform starts and answers, whatever proxy or Postgres the environment names",
  { timeout: TIMEOUT_MS },
  async () => {
    const nobody = `http://127.0.0.1:${String(await choosePort())}`;
    const environment = {
      PGSSLMODE: "require",
      PGOPTIONS: "-c no_such_setting=1",
      PGHOST: "192.0.2.1",
      HTTP_PROXY: nobody,
      HTTPS_PROXY: nobody,
      NODE_USE_ENV_PROXY: "1",
      NO_PROXY: "",
      no_proxy: "",
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const port = String(await choosePort());
    platform = await startPlatform({ settings: platformSettings({ STATE_DIR: stateDirectory, PORT: port }) });
    const { neon, postgres, redis, redisToken } = platform.endpoints;
    const selected = await fetch(`${neon}/sql`, {
      method: "POST",
      headers: { "neon-connection-string": postgres },
      body: JSON.stringify({ query: "select 'yes' as seeded from skus limit 1", params: [] }),
    });
    expect(await selected.json()).toMatchObject({ rows: [{ seeded: "yes" }] });
    const pinged = await fetch(redis, {
      method: "POST",
      headers: { authorization: `Bearer ${redisToken}` },
      body: JSON.stringify(["PING"]),
    });
    expect(await pinged.json()).toEqual({ result: "PONG" });
  },
);
