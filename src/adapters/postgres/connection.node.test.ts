import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitFor } from "../../../local/process/wait-for.ts";
import { startTestDatabase } from "../../../tests/fixtures/database.ts";
import type { TestDatabase } from "../../../tests/fixtures/database.ts";
import { READ_YOUR_WRITES_MS, createDatabase, pingPostgres } from "./connection.ts";
import type { Database, DatabaseOptions } from "./connection.ts";
import { postgresErrorCode } from "./errors.ts";

/** Longer than any of these tests: what the standby shows is then what it showed when the delay was set. */
const LONG_DELAY_MS = 10 * 60_000;

let postgres: TestDatabase;
let standbyUrl: string;
beforeAll(async () => {
  postgres = await startTestDatabase({ standby: true });
  if (postgres.standby === null) throw new Error("no standby");
  standbyUrl = postgres.standby.url;
});
afterAll(() => postgres.stop());

const connect = (options: Partial<DatabaseOptions> = {}) =>
  postgres.connect({ replicaUrls: [standbyUrl], ...options });
/** A server nobody listens on, reached through the same proxy. */
const deadUrl = () => {
  const url = new URL(standbyUrl);
  url.port = "1";
  return url.href;
};

async function isOnStandby(database: Database): Promise<boolean> {
  const result = await database.read((client) =>
    client.execute<{ standby: boolean }>(sql`select pg_is_in_recovery() as standby`),
  );
  return result.rows[0]?.standby === true;
}
const addNotice = (database: Database, orderId: string) =>
  database.write((client) =>
    client.execute(sql`insert into sent_notices values (${orderId}, 'order_confirmed', now())`),
  );
async function seesNotice(database: Database, orderId: string): Promise<boolean> {
  const result = await database.read((client) =>
    client.execute(sql`select 1 from sent_notices where order_id = ${orderId}`),
  );
  return result.rows.length > 0;
}

describe("reads and writes", () => {
  it("reads from the replica and writes to the primary", async () => {
    const database = connect();
    expect(await isOnStandby(database)).toBe(true);
    await addNotice(database, "written");
    expect(await postgres.rows("select 1 from sent_notices where order_id = 'written'")).toHaveLength(1);
  });

  it("reads from the primary where there is no replica", async () => {
    expect(await isOnStandby(connect({ replicaUrls: [] }))).toBe(false);
  });

  it("answers from the next replica, then from the primary, when one is away, and leaves that one out for a while", async () => {
    let asked = 0;
    const database = connect({ replicaUrls: [deadUrl()] });
    const counted = () =>
      database.read((client) => {
        asked += 1;
        return client.execute<{ standby: boolean }>(sql`select pg_is_in_recovery() as standby`);
      });
    expect((await counted()).rows).toEqual([{ standby: false }]);
    expect(asked).toBe(2);
    await counted();
    expect(asked).toBe(3);

    expect(await isOnStandby(connect({ replicaUrls: [deadUrl(), standbyUrl] }))).toBe(true);
  });

  it("answers from the primary when a read on the replica takes too long, and asks the replica again", async () => {
    const database = connect({ replicaTimeoutMs: 300 });
    let asked = 0;
    const slowOnStandby = await database.read((client) => {
      asked += 1;
      return client.execute<{ standby: boolean }>(
        sql`select pg_is_in_recovery() as standby, case when pg_is_in_recovery() then pg_sleep(5) end`,
      );
    });
    expect(slowOnStandby.rows).toMatchObject([{ standby: false }]);
    expect(asked).toBe(2);
    const next: unknown[] = [];
    await database.read((client) => {
      next.push(client);
      return Promise.resolve();
    });
    const primary = await database.write((client) => Promise.resolve(client));
    expect(next).not.toContain(primary);
  });

  it("does not take a faulty query for a faulty replica", async () => {
    const database = connect();
    let asked = 0;
    const error: unknown = await database
      .read((client) => {
        asked += 1;
        return client.execute(sql`select 1 / 0`);
      })
      .catch((thrown: unknown) => thrown);
    expect(postgresErrorCode(error)).toBe("22012");
    expect(asked).toBe(1);
    expect(await isOnStandby(database)).toBe(true);
  });

  it("keeps the SQLSTATE of a refused write where a consumer can read it", async () => {
    const error: unknown = await addNotice(connect(), "written-once")
      .then(() => addNotice(connect(), "written-once"))
      .catch((thrown: unknown) => thrown);
    expect(postgresErrorCode(error)).toBe("23505");
  });

  it("gives a query up after its time limit", async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = silent.address() as AddressInfo;
      const database = createDatabase({
        primaryUrl: "postgres://holdfast:x@127.0.0.1:2/holdfast",
        replicaUrls: ["postgres://holdfast:x@127.0.0.1:3/holdfast"],
        proxyUrl: `http://127.0.0.1:${String(port)}`,
        timeoutMs: 50,
      });
      await expect(pingPostgres(database)).rejects.toThrow();
      await expect(seesNotice(database, "x")).rejects.toThrow();
    } finally {
      silent.closeAllConnections();
      await new Promise((resolve) => silent.close(resolve));
    }
  });
});

describe("a session", () => {
  it("reads what it has written, though the standby does not show it yet; another session sees the stale copy", async () => {
    const standby = postgres.standby;
    if (standby === null) throw new Error("no standby");
    await standby.setApplyDelay(LONG_DELAY_MS);
    try {
      const now = 1_000_000;
      const database = connect({ now: () => now });
      const session = database.session();
      expect(await isOnStandby(session)).toBe(true);
      expect(session.pinnedUntil()).toBeNull();
      await addNotice(session, "mine");

      expect(await seesNotice(session, "mine")).toBe(true);
      expect(await seesNotice(database.session(), "mine")).toBe(false);

      const pinnedUntil = session.pinnedUntil();
      expect(pinnedUntil).toBe(now + READ_YOUR_WRITES_MS);
      expect(await seesNotice(database.session({ pinnedUntil }), "mine")).toBe(true);
      const later = connect({ now: () => now + READ_YOUR_WRITES_MS });
      expect(await seesNotice(later.session({ pinnedUntil }), "mine")).toBe(false);
    } finally {
      await standby.setApplyDelay(0);
    }
    const database = connect();
    await waitFor(() => seesNotice(database, "mine"), { what: "the standby to catch up" });
  });

  it("reads from the primary after a write that failed: it may have happened", async () => {
    const session = connect().session();
    await expect(session.write((client) => client.execute(sql`select 1 / 0`))).rejects.toThrow();
    expect(await isOnStandby(session)).toBe(false);
  });
});
