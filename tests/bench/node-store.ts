/**
 * The designs the store is compared with, as small as they can be: Hono on Node with a Lua reserve script on a real Redis,
 * and with a row lock in Postgres, as a transaction and as one statement. They validate the same body and keep the same
 * facts (units left, who has them); they have no expiry, no idempotency beyond a key, and no payments.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { Redis } from "ioredis";
import { Pool } from "pg";
import { findRedisServer, startRedisProcess } from "../../local/redis/redis-process.ts";
import { PlaceOrderBody } from "../../src/contracts/orders.ts";

const { values } = parseArgs({
  options: { port: { type: "string" }, postgres: { type: "string" }, directory: { type: "string" } },
});
const port = Number(values.port);
const { postgres, directory } = values;
if (!Number.isInteger(port) || postgres === undefined || directory === undefined) {
  throw new Error("usage: node-store.ts --port <n> --postgres <url> --directory <directory>");
}

/** Decides and records a hold in one atomic step. Answers the units left, or -1. */
const RESERVE = `
local available = tonumber(redis.call("GET", KEYS[1]) or "0")
local quantity = tonumber(ARGV[2])
if available < quantity then return -1 end
if redis.call("HSETNX", KEYS[2], ARGV[1], ARGV[3]) == 0 then return available end
redis.call("DECRBY", KEYS[1], quantity)
return available - quantity`;

const app = new Hono();
const pool = new Pool({ connectionString: postgres, max: 20 });
await pool.query(`
  CREATE TABLE IF NOT EXISTS bench_stock (sku text PRIMARY KEY, available integer NOT NULL CHECK (available >= 0));
  CREATE TABLE IF NOT EXISTS bench_orders (id text PRIMARY KEY, sku text NOT NULL, quantity integer NOT NULL, body jsonb NOT NULL);
`);

function requestOf(raw: unknown): { sku: string; quantity: number; body: string } | null {
  const parsed = PlaceOrderBody.safeParse(raw);
  const line = parsed.success ? parsed.data.lines[0] : undefined;
  return line === undefined ? null : { ...line, body: JSON.stringify(raw) };
}

const redisServer = await findRedisServer();
if (redisServer !== undefined) {
  const started = await startRedisProcess(redisServer, join(directory, "bench-redis"));
  const redis = new Redis({ path: started.socketPath, enableAutoPipelining: false });
  redis.defineCommand("reserve", { numberOfKeys: 2, lua: RESERVE });
  const scripted = redis as Redis & {
    reserve(stock: string, holds: string, id: string, quantity: number, body: string): Promise<number>;
  };
  app.post("/redis/stock/:sku/:units", async (c) => {
    await redis.set(`stock:${c.req.param("sku")}`, c.req.param("units"));
    return c.json({ ok: true });
  });
  app.post("/redis/orders", async (c) => {
    const order = requestOf(await c.req.json());
    if (order === null) return c.json({ code: "validation_failed" }, 422);
    const id = c.req.header("idempotency-key") ?? crypto.randomUUID();
    const left = await scripted.reserve(
      `stock:${order.sku}`,
      `holds:${order.sku}`,
      id,
      order.quantity,
      order.body,
    );
    return left < 0 ? c.json({ code: "sold_out" }, 409) : c.json({ orderId: id, available: left }, 201);
  });
  process.once("SIGTERM", () => {
    redis.disconnect();
    started.stop().then(end, end);
  });
} else {
  process.once("SIGTERM", () => end());
}

app.post("/postgres/stock/:sku/:units", async (c) => {
  const { sku, units } = c.req.param();
  await pool.query(
    "INSERT INTO bench_stock VALUES ($1, $2) ON CONFLICT (sku) DO UPDATE SET available = excluded.available",
    [sku, units],
  );
  return c.json({ ok: true });
});

app.post("/transaction/orders", async (c) => {
  const order = requestOf(await c.req.json());
  if (order === null) return c.json({ code: "validation_failed" }, 422);
  const id = c.req.header("idempotency-key") ?? crypto.randomUUID();
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const { rows } = await client.query<{ available: number }>({
      name: "lock",
      text: "SELECT available FROM bench_stock WHERE sku = $1 FOR UPDATE",
      values: [order.sku],
    });
    if ((rows[0]?.available ?? 0) < order.quantity) {
      await client.query("ROLLBACK");
      return c.json({ code: "sold_out" }, 409);
    }
    await client.query({
      name: "take",
      text: "UPDATE bench_stock SET available = available - $2 WHERE sku = $1",
      values: [order.sku, order.quantity],
    });
    await client.query({
      name: "insert",
      text: "INSERT INTO bench_orders VALUES ($1, $2, $3, $4)",
      values: [id, order.sku, order.quantity, order.body],
    });
    await client.query("COMMIT");
    return c.json({ orderId: id }, 201);
  } finally {
    client.release();
  }
});

app.post("/statement/orders", async (c) => {
  const order = requestOf(await c.req.json());
  if (order === null) return c.json({ code: "validation_failed" }, 422);
  const id = c.req.header("idempotency-key") ?? crypto.randomUUID();
  const { rowCount } = await pool.query({
    name: "reserve",
    text: `WITH taken AS (
        UPDATE bench_stock SET available = available - $3::integer WHERE sku = $2 AND available >= $3 RETURNING sku
      ) INSERT INTO bench_orders SELECT $1, sku, $3, $4::jsonb FROM taken`,
    values: [id, order.sku, order.quantity, order.body],
  });
  return rowCount === 0 ? c.json({ code: "sold_out" }, 409) : c.json({ orderId: id }, 201);
});

const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port }, () => {
  process.stdout.write(`${JSON.stringify({ ready: true, port, redis: redisServer !== undefined })}\n`);
});

function end(): void {
  server.close();
  pool.end().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}
