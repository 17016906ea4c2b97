/** The Neon protocol server, as the real `@neondatabase/serverless` driver sees it. */
import { mkdtempSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { neon, neonConfig, NeonDbError, Pool } from "@neondatabase/serverless";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startPostgresPrimary, startPostgresStandby } from "../postgres/cluster.ts";
import type { RunningCluster, RunningStandby } from "../postgres/cluster.ts";
import { sweepAbandoned } from "../postgres/placement.ts";
import { waitFor } from "../process/wait-for.ts";
import { startNeonServer } from "./server.ts";
import type { NeonServer } from "./server.ts";

let root: string;
let primary: RunningCluster;
let standby: RunningStandby;
let server: NeonServer;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "holdfast-neon-"));
  primary = await startPostgresPrimary({ directory: join(root, "primary"), inMemory: true });
  const options = { directory: join(root, "standby"), primary: { url: primary.url }, inMemory: true };
  standby = await startPostgresStandby(options);
  server = await startNeonServer({ upstreams: [primary.url, standby.url], maxConnections: 4 });
  neonConfig.fetchEndpoint = `${server.url}/sql`;
  neonConfig.wsProxy = (host, port) => `${new URL(server.url).host}/v2?address=${host}:${String(port)}`;
  neonConfig.useSecureWebSocket = false;
});
afterAll(async () => {
  await server.stop();
  await standby.stop();
  await primary.stop();
  rmSync(root, { recursive: true, force: true });
  await sweepAbandoned();
});
beforeEach(async () => {
  const sql = neon(primary.url);
  await sql`DROP TABLE IF EXISTS item`;
  await sql`CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL UNIQUE)`;
});

describe("queries over HTTP", () => {
  it("give every kind of value as the driver gives it with Neon", async () => {
    const sql = neon(primary.url);
    const [row] = await sql`SELECT
      ${"9007199254740993"}::int8 AS big, ${"12.50"}::numeric AS amount, ${{ a: [1, null, "ü"] }}::jsonb AS document,
      '2026-11-22T10:00:00Z'::timestamptz AS moment, ${[1, 2, 3]}::int[] AS numbers, ${["a,b", 'c"d', null]}::text[] AS texts,
      ${null}::text AS nothing, ${new Uint8Array([0, 255, 10])} AS bytes, true AS yes, 1.5::float8 AS half, 'x'::"char" AS c`;
    expect(row).toEqual({
      big: "9007199254740993",
      amount: "12.50",
      document: { a: [1, null, "ü"] },
      moment: new Date("2026-11-22T10:00:00Z"),
      numbers: [1, 2, 3],
      texts: ["a,b", 'c"d', null],
      nothing: null,
      bytes: Buffer.from([0, 255, 10]),
      yes: true,
      half: 1.5,
      c: "x",
    });
  });

  it("answer command, count and columns, in array mode too, the first time and when prepared", async () => {
    const sql = neon(primary.url, { fullResults: true, arrayMode: true });
    for (let id = 1; id <= 4; id += 1) {
      const inserted = await sql.query("INSERT INTO item VALUES ($1, $2)", [id, `n${String(id)}`]);
      expect(inserted).toMatchObject({ command: "INSERT", rowCount: 1, rows: [], fields: [] });
      const read = await sql.query("SELECT id, name FROM item WHERE id = $1", [id]);
      expect(read).toMatchObject({ command: "SELECT", rowCount: 1, rows: [[id, `n${String(id)}`]] });
      expect(read.fields.map(({ name, dataTypeID }) => [name, dataTypeID])).toEqual([
        ["id", 23],
        ["name", 25],
      ]);
    }
    expect(await sql.query("SELECT id FROM item WHERE false")).toMatchObject({ rowCount: 0, rows: [] });
  });

  it("carry SQLSTATE and constraint of an error, and leave the connection usable", async () => {
    const sql = neon(primary.url);
    await sql`INSERT INTO item VALUES (1, 'one')`;
    for (let time = 0; time < 3; time += 1) {
      const error = await sql`INSERT INTO item VALUES (2, 'one')`.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(NeonDbError);
      expect(error).toMatchObject({
        code: "23505",
        severity: "ERROR",
        table: "item",
        constraint: "item_name_key",
        detail: "Key (name)=(one) already exists.",
      });
    }
    await expect(sql`SELEC 1`).rejects.toMatchObject({ code: "42601", position: "1" });
    await expect(sql`SELECT 1; SELECT 2`).rejects.toMatchObject({ code: "42601" });
    await expect(sql`SELECT ${"x"}::int`).rejects.toMatchObject({ code: "22P02" });
    expect(await sql`SELECT count(*)::int AS n FROM item`).toEqual([{ n: 1 }]);
  });

  it("go on after a table they had prepared statements for was changed", async () => {
    const sql = neon(primary.url);
    await sql`INSERT INTO item VALUES (1, 'one')`;
    for (let time = 0; time < 4; time += 1) await sql`SELECT * FROM item`;
    // Past the server, as a migration would: it cannot know.
    const pool = new Pool({ connectionString: primary.url });
    await pool.query("ALTER TABLE item ADD COLUMN colour text DEFAULT 'red'");
    await pool.end();
    expect(await sql`SELECT * FROM item`).toEqual([{ id: 1, name: "one", colour: "red" }]);
    const [rows] = await sql.transaction([sql`SELECT * FROM item`]);
    expect(rows).toEqual([{ id: 1, name: "one", colour: "red" }]);
  });

  it("leave no setting, temporary table or open transaction behind for the next one", async () => {
    const sql = neon(primary.url);
    await sql`SET statement_timeout = 77`;
    await sql`CREATE TEMP TABLE scratch (id int)`;
    await sql`BEGIN`;
    await sql`SELECT set_config('holdfast.who', 'me', false)`;
    const moments = new Set<unknown>();
    for (let time = 0; time < 8; time += 1) {
      const [row] =
        await sql`SELECT current_setting('statement_timeout') AS limit, to_regclass('scratch') AS scratch,
        nullif(current_setting('holdfast.who', true), '') AS who, now()::text AS moment`;
      expect(row).toMatchObject({ limit: "30s", scratch: null, who: null });
      moments.add(row?.["moment"]);
    }
    // In a transaction that somebody left open, time stands still.
    expect(moments.size).toBe(8);
  });

  it("run side by side, more of them than there are connections", async () => {
    const sql = neon(primary.url);
    const answers = await Promise.all(
      Array.from(
        { length: 40 },
        async (_, index) => (await sql`SELECT ${index}::int AS n, pg_sleep(0.01)`)[0]?.["n"] as unknown,
      ),
    );
    expect(answers).toEqual(Array.from({ length: 40 }, (_, index) => index));
  });
});

describe("transactions over HTTP", () => {
  it("give all results when they commit", async () => {
    const sql = neon(primary.url);
    const results = await sql.transaction([
      sql`INSERT INTO item VALUES (1, 'one') RETURNING name`,
      sql`INSERT INTO item VALUES (2, 'two') RETURNING name`,
      sql`SELECT count(*)::int AS n FROM item`,
    ]);
    expect(results).toEqual([[{ name: "one" }], [{ name: "two" }], [{ n: 2 }]]);
  });

  it("are rolled back as a whole by one error, whose code arrives", async () => {
    const sql = neon(primary.url);
    for (let time = 0; time < 3; time += 1) {
      const failing = sql.transaction([
        sql`INSERT INTO item VALUES (1, 'one')`,
        sql`INSERT INTO item VALUES (1, 'again')`,
        sql`INSERT INTO item VALUES (3, 'three')`,
      ]);
      await expect(failing).rejects.toMatchObject({ code: "23505", constraint: "item_pkey" });
      expect(await sql`SELECT * FROM item`).toEqual([]);
    }
  });

  it("report what only COMMIT finds out", async () => {
    const sql = neon(primary.url);
    await sql`ALTER TABLE item ADD COLUMN parent int REFERENCES item DEFERRABLE INITIALLY DEFERRED`;
    const failing = sql.transaction([sql`INSERT INTO item VALUES (1, 'one', 99)`]);
    await expect(failing).rejects.toMatchObject({ code: "23503" });
    expect(await sql`SELECT * FROM item`).toEqual([]);
  });

  it("have the isolation and access mode asked for", async () => {
    const sql = neon(primary.url);
    const options = { isolationLevel: "Serializable", readOnly: true, deferrable: true } as const;
    const [isolation, readOnly, deferrable] = await sql.transaction(
      [sql`SHOW transaction_isolation`, sql`SHOW transaction_read_only`, sql`SHOW transaction_deferrable`],
      options,
    );
    expect([isolation, readOnly, deferrable]).toEqual([
      [{ transaction_isolation: "serializable" }],
      [{ transaction_read_only: "on" }],
      [{ transaction_deferrable: "on" }],
    ]);
    const writing = sql.transaction([sql`INSERT INTO item VALUES (1, 'one')`], { readOnly: true });
    await expect(writing).rejects.toMatchObject({ code: "25006" });
  });
});

describe("the WebSocket tunnel", () => {
  it("carries an interactive transaction of the driver's Pool, with its default settings", async () => {
    const pool = new Pool({ connectionString: primary.url });
    const client = await pool.connect();
    try {
      await client.query("BEGIN");
      await client.query("INSERT INTO item VALUES ($1, $2)", [1, "one"]);
      expect(await neon(primary.url)`SELECT * FROM item`).toEqual([]);
      const large = await client.query<{ text: string }>("SELECT repeat('x', 3000000) AS text");
      expect(large.rows[0]?.text.length).toBe(3_000_000);
      await client.query("COMMIT");
    } finally {
      client.release();
      await pool.end();
    }
    expect(await neon(primary.url)`SELECT name FROM item`).toEqual([{ name: "one" }]);
  });

  it("rolls back when the client goes away in the middle", async () => {
    const pool = new Pool({ connectionString: primary.url });
    pool.on("error", () => undefined);
    const client = await pool.connect();
    client.on("error", () => undefined);
    await client.query("BEGIN");
    await client.query("INSERT INTO item VALUES (1, 'one')");
    client.release(true);
    await pool.end();
    // The same key can be taken: nobody holds it any more.
    await neon(primary.url)`INSERT INTO item VALUES (1, 'other')`;
  });
});

/** Asks for a WebSocket at a path and answers the HTTP status of the refusal. */
function upgrade(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { connection: "upgrade", upgrade: "websocket" };
    const asking = httpRequest({ host: "127.0.0.1", port: server.port, path, headers });
    asking.once("response", (response) => {
      resolve(response.statusCode);
      response.resume();
    });
    asking.once("error", reject);
    asking.end();
  });
}

describe("the choice of server", () => {
  it("leads reads to the standby, which refuses writes", async () => {
    const replica = neon(standby.url);
    expect(await replica`SELECT pg_is_in_recovery() AS standby`).toEqual([{ standby: true }]);
    expect(await neon(primary.url)`SELECT pg_is_in_recovery() AS standby`).toEqual([{ standby: false }]);
    const writing = replica`CREATE TABLE nope (id int)`;
    await expect(writing).rejects.toMatchObject({ code: "25006" });
  });

  it("refuses servers and databases it was not given, and a wrong password", async () => {
    const changed = (change: (url: URL) => void): string => {
      const url = new URL(primary.url);
      change(url);
      return url.href;
    };
    const elsewhere = [
      changed((url) => (url.port = "1")),
      changed((url) => (url.hostname = "192.0.2.1")),
      changed((url) => (url.pathname = "/postgres")),
      changed((url) => (url.username = "admin")),
    ];
    for (const url of elsewhere) await expect(neon(url)`SELECT 1`).rejects.toThrow(/HTTP status 403/);
    const guess = changed((url) => (url.password = "guess"));
    await expect(neon(guess)`SELECT 1`).rejects.toMatchObject({ code: "28P01" });
    const pool = new Pool({ connectionString: `postgres://a:b@192.0.2.1:5432/c` });
    await expect(pool.query("SELECT 1")).rejects.toThrow();
    await pool.end();
  });

  it("answers what is no request of the protocol with a clear 4xx", async () => {
    const post = async (path: string, body: string, headers: Record<string, string> = {}): Promise<number> =>
      (await fetch(`${server.url}${path}`, { method: "POST", body, headers })).status;
    const good = { "Neon-Connection-String": primary.url };
    expect(await post("/sql", '{"query":"SELECT 1"}')).toBe(400);
    expect(await post("/sql", "{", good)).toBe(400);
    expect(await post("/sql", '{"query":1}', good)).toBe(400);
    expect(await post("/sql", '{"queries":[{}]}', good)).toBe(400);
    expect(await post("/sql", '{"queries":[]}', { ...good, "Neon-Batch-Isolation-Level": "Chaos" })).toBe(
      400,
    );
    expect(await post("/sql", '{"query":"SELECT $1::int + 1","params":[41]}', good)).toBe(200);
    expect(await post("/other", "{}")).toBe(404);
    expect((await fetch(`${server.url}/sql`)).status).toBe(405);
    expect(await upgrade("//")).toBe(404);
    expect(await upgrade("/v2?address=192.0.2.1:5432")).toBe(403);
    expect(await upgrade("/v2")).toBe(403);
  });
});

describe("trouble", () => {
  it("a caller that goes away ends its statement, so that its locks are free soon", async () => {
    const body = JSON.stringify({ query: "INSERT INTO item SELECT 1, 'one' FROM pg_sleep(25)", params: [] });
    const headers = { "Neon-Connection-String": primary.url, "content-length": Buffer.byteLength(body) };
    const leaving = httpRequest(`${server.url}/sql`, { method: "POST", headers });
    leaving.on("error", () => undefined);
    leaving.end(body);
    const sql = neon(primary.url);
    const running = async (): Promise<number> =>
      (
        await sql`SELECT 1 FROM pg_stat_activity WHERE query LIKE 'INSERT INTO item SELECT%' AND state = 'active'`
      ).length;
    await waitFor(async () => (await running()) === 1, { what: "the statement to run" });
    leaving.destroy();
    await waitFor(async () => (await running()) === 0, { what: "the statement to end" });
    expect(await sql`SELECT * FROM item`).toEqual([]);
  });

  it("a server that is down is a quick 503, also through the tunnel, and it works again when it is back", async () => {
    const sql = neon(standby.url);
    await Promise.all([sql`SELECT 1`, sql`SELECT 1`]);
    await standby.stop();
    await expect(sql`SELECT 1 AS one`).rejects.toThrow(/HTTP status 503.*could not reach Postgres/);
    await expect(sql.transaction([sql`SELECT 1`])).rejects.toThrow(/HTTP status 503/);
    const pool = new Pool({ connectionString: standby.url });
    await expect(pool.query("SELECT 1")).rejects.toMatchObject({ code: "08006" });
    // The other server does not care.
    expect(await neon(primary.url)`SELECT 1 AS one`).toEqual([{ one: 1 }]);

    const options = { directory: join(root, "standby"), primary: { url: primary.url }, inMemory: true };
    standby = await startPostgresStandby({ ...options, port: standby.port });
    expect(await sql`SELECT 1 AS one`).toEqual([{ one: 1 }]);
    expect((await pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });

  it("a killed primary loses nothing that was acknowledged, and statements in flight fail with a 503", async () => {
    const sql = neon(primary.url);
    await sql`INSERT INTO item VALUES (1, 'one')`;
    const inFlight = sql`SELECT pg_sleep(20)`.catch((error: unknown) => error);
    await waitFor(
      async () =>
        (await sql`SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(20)' AND state = 'active'`)
          .length === 1,
      { what: "the statement to be in flight" },
    );
    process.kill(primary.pid, "SIGKILL");
    expect(String(await inFlight)).toMatch(/HTTP status 503/);
    primary = await startPostgresPrimary({
      directory: join(root, "primary"),
      port: primary.port,
      inMemory: true,
    });
    expect(await sql`SELECT name FROM item`).toEqual([{ name: "one" }]);
  });
});
