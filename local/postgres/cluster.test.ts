/** The local Postgres: keeps data, recovers from a killed server, and has a standby whose lag can be set. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { isAlive } from "../process/identity.ts";
import { choosePort } from "../process/free-port.ts";
import { waitFor } from "../process/wait-for.ts";
import { startPostgresPrimary, startPostgresStandby } from "./cluster.ts";
import type { RunningCluster } from "./cluster.ts";
import { sweepAbandoned } from "./placement.ts";
import { giveTo, serverUser } from "./server-user.ts";

let root: string;
const started: RunningCluster[] = [];

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "holdfast-postgres-"));
});
afterEach(async () => {
  // A standby before its primary: a primary that shuts down waits for whoever still listens.
  for (const cluster of started.splice(0).reverse()) await cluster.stop();
});
afterAll(async () => {
  rmSync(root, { recursive: true, force: true });
  await sweepAbandoned();
});

async function keep<T extends RunningCluster>(starting: Promise<T>): Promise<T> {
  const cluster = await starting;
  started.push(cluster);
  return cluster;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe("the primary", () => {
  it("keeps its data and password between starts, and carries the extensions the store needs", async () => {
    const directory = join(root, "kept");
    const first = await keep(startPostgresPrimary({ directory }));
    await query(first.url, "CREATE EXTENSION pg_trgm; CREATE EXTENSION citext; CREATE EXTENSION pgcrypto");
    await query(first.url, "CREATE TABLE note (id uuid PRIMARY KEY DEFAULT uuidv7(), text citext)");
    await query(first.url, "INSERT INTO note (text) VALUES ('Still here')");
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);

    const second = await keep(startPostgresPrimary({ directory, port: first.port }));
    expect(second.url).toBe(first.url);
    expect(await query(second.url, "SELECT text FROM note WHERE text = 'STILL HERE'")).toEqual([
      { text: "Still here" },
    ]);
  });

  it("recovers every committed row after a SIGKILL", async () => {
    const directory = join(root, "killed");
    const first = await keep(startPostgresPrimary({ directory }));
    await query(first.url, "CREATE TABLE note (text text); INSERT INTO note VALUES ('committed')");
    process.kill(first.pid, "SIGKILL");
    const second = await keep(startPostgresPrimary({ directory }));
    expect(await query(second.url, "SELECT text FROM note")).toEqual([{ text: "committed" }]);
  });

  it("starts although the recorded process id has been given to somebody else", async () => {
    const directory = join(root, "kept");
    const first = await keep(startPostgresPrimary({ directory }));
    const file = join(first.dataDirectory, "postmaster.pid");
    const written = readFileSync(file, "utf8");
    await first.stop();
    const stranger = spawn("sleep", ["60"], { stdio: "ignore", ...(serverUser() ?? {}) });
    writeFileSync(file, written.replace(/^\d+/, String(stranger.pid)), { mode: 0o600 });
    giveTo(file, serverUser());
    const second = await keep(startPostgresPrimary({ directory }));
    expect(isAlive(second.pid)).toBe(true);
    expect(isAlive(stranger.pid ?? 0)).toBe(true);
    stranger.kill();
  });

  it("ends a server that an earlier session left running on its directory", async () => {
    const directory = join(root, "left-over");
    const first = await keep(startPostgresPrimary({ directory }));
    const second = await keep(startPostgresPrimary({ directory, port: first.port }));
    expect(second.pid).not.toBe(first.pid);
    expect(isAlive(first.pid)).toBe(false);
  });

  it("says in one sentence that its port is in use", async () => {
    const port = await choosePort();
    const server = createServer().listen(port, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const starting = startPostgresPrimary({ directory: join(root, "kept"), port });
    await expect(starting).rejects.toThrow(`port ${String(port)} on 127.0.0.1 is in use`);
    await new Promise((resolve) => server.close(resolve));
  });

  it("asks for its password", async () => {
    const cluster = await keep(startPostgresPrimary({ directory: join(root, "kept") }));
    const url = new URL(cluster.url);
    url.password = "guess";
    await expect(query(url.href, "SELECT 1")).rejects.toMatchObject({ code: "28P01" });
  });
});

describe("the standby", () => {
  it("shows stale reads while its delay is turned up and catches up when it is turned down", async () => {
    const primary = await keep(startPostgresPrimary({ directory: join(root, "primary"), inMemory: true }));
    await query(primary.url, "CREATE TABLE price (amount int); INSERT INTO price VALUES (100)");
    const standby = await keep(
      startPostgresStandby({
        directory: join(root, "standby"),
        primary: { url: primary.url },
        inMemory: true,
      }),
    );
    const priceThere = async (): Promise<unknown> =>
      (await query(standby.url, "SELECT amount FROM price"))[0]?.["amount"];
    await waitFor(async () => (await priceThere()) === 100, { what: "the first price" });

    await standby.setApplyDelay(600_000);
    await query(primary.url, "UPDATE price SET amount = 200");
    const [sent] = await query(primary.url, "SELECT pg_current_wal_lsn()::text AS lsn");
    await waitFor(
      async () => {
        const lsn = String(sent?.["lsn"]);
        const rows = await query(
          standby.url,
          `SELECT pg_last_wal_receive_lsn() >= '${lsn}'::pg_lsn AS received`,
        );
        return rows[0]?.["received"] === true;
      },
      { what: "the standby to have received the new price" },
    );
    expect(await priceThere()).toBe(100);

    await standby.setApplyDelay(0);
    await waitFor(async () => (await priceThere()) === 200, { what: "the new price" });
    await expect(query(standby.url, "UPDATE price SET amount = 1")).rejects.toMatchObject({ code: "25006" });
  });

  it("starts without its primary, follows it again when it is back, and is rebuilt for another primary", async () => {
    const directory = join(root, "standby-2");
    const primaryDirectory = join(root, "primary-2");
    const primary = await keep(startPostgresPrimary({ directory: primaryDirectory, inMemory: true }));
    await query(primary.url, "CREATE TABLE note (text text); INSERT INTO note VALUES ('one')");
    const options = { directory, primary: { url: primary.url }, inMemory: true };
    const first = await keep(startPostgresStandby(options));
    process.kill(first.pid, "SIGKILL");
    await primary.stop();

    const alone = await keep(startPostgresStandby(options));
    expect(await query(alone.url, "SELECT text FROM note")).toEqual([{ text: "one" }]);
    const back = await keep(
      startPostgresPrimary({ directory: primaryDirectory, port: primary.port, inMemory: true }),
    );
    await query(back.url, "INSERT INTO note VALUES ('two')");
    await waitFor(async () => (await query(alone.url, "SELECT text FROM note")).length === 2, {
      what: "the second note",
    });
    await alone.stop();
    await back.remove();

    const other = await keep(startPostgresPrimary({ directory: primaryDirectory, inMemory: true }));
    await query(other.url, "CREATE TABLE another (text text)");
    const rebuilt = await keep(startPostgresStandby({ ...options, primary: { url: other.url } }));
    expect(await query(rebuilt.url, "SELECT to_regclass('note') IS NULL AS fresh")).toEqual([
      { fresh: true },
    ]);
  });

  it("is rebuilt where the primary has moved on further than it keeps", async () => {
    const directory = join(root, "standby");
    const primary = await keep(startPostgresPrimary({ directory: join(root, "primary"), inMemory: true }));
    const options = { directory, primary: { url: primary.url }, inMemory: true };
    const first = await keep(startPostgresStandby(options));
    await first.stop();
    // Eleven closed segments of 16 MB are more than the primary keeps; empty ones are quick to write.
    for (let segment = 0; segment < 11; segment += 1) {
      await query(primary.url, "SELECT pg_logical_emit_message(false, 'test', 'x')");
      await query(primary.url, "SELECT pg_switch_wal()");
    }
    await query(primary.url, "CHECKPOINT");
    await query(primary.url, "CREATE TABLE later (text text)");
    const second = await keep(startPostgresStandby(options));
    expect(await query(second.url, "SELECT to_regclass('later') IS NOT NULL AS there")).toEqual([
      { there: true },
    ]);
    expect(readFileSync(join(directory, "server.log"), "utf8")).toContain("has already been removed");
  });

  it("says that it has nothing to start from where it is new and the primary is away", async () => {
    const starting = startPostgresStandby({
      directory: join(root, "orphan"),
      primary: { url: `postgres://holdfast:x@127.0.0.1:${String(await choosePort())}/holdfast` },
    });
    await expect(starting).rejects.toThrow("no data yet and the primary");
  });
});

it("a directory that was removed takes its data in memory along at the next start", async () => {
  const directory = join(root, "memory");
  const first = await keep(startPostgresPrimary({ directory, inMemory: true }));
  await first.stop();
  if (first.dataDirectory.startsWith(directory)) return; // no memory file system here
  rmSync(directory, { recursive: true, force: true });
  expect(readdirSync(first.dataDirectory).length).toBeGreaterThan(0);
  await keep(startPostgresPrimary({ directory: join(root, "memory-2"), inMemory: true }));
  expect(() => readdirSync(first.dataDirectory)).toThrow("ENOENT");
});
