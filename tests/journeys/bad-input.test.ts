/** What the store refuses: with the code the contract names, without changing anything, without making an object. */
import { createHash, randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ProblemCode } from "../../src/contracts/problem.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { orderBody, type Answer } from "../harness/store.ts";
import type { SkuFigures } from "../harness/stock.ts";
import type { PlacedOrder } from "../../src/contracts/orders.ts";

const store = sharedStore();
const UNITS = 10;

let sku = "";
let order: PlacedOrder;
let figures: SkuFigures;
let objects: readonly string[] = [];

beforeAll(async () => {
  sku = await store.stock.skuWith(UNITS + 1);
  order = await store.placed({ lines: [{ sku, quantity: 1 }] });
  figures = await store.stock.figures(sku);
});

beforeEach(() => {
  objects = objectFiles();
});

afterEach(async () => {
  expect(await store.stock.figures(sku)).toEqual(figures);
  expect(await store.order(order)).toMatchObject({ status: "reserved", version: order.version });
  expect(objectFiles()).toEqual(objects);
});

describe("placing an order", () => {
  const body = (): Record<string, unknown> => ({ ...orderBody({ lines: [{ sku, quantity: 1 }] }) });
  const lines = (...values: unknown[]) => ({ ...body(), lines: values });

  it.for<[what: string, body: () => unknown, path: string]>([
    ["an unknown field", () => ({ ...body(), coupon: "FREE" }), "coupon"],
    ["an unknown field of a line", () => lines({ sku, quantity: 1, price: 1 }), "lines.0.price"],
    ["a negative quantity", () => lines({ sku, quantity: -1 }), "lines.0.quantity"],
    ["a quantity of zero", () => lines({ sku, quantity: 0 }), "lines.0.quantity"],
    ["a fractional quantity", () => lines({ sku, quantity: 1.5 }), "lines.0.quantity"],
    ["a quantity over ten", () => lines({ sku, quantity: 11 }), "lines.0.quantity"],
    ["a huge quantity", () => lines({ sku, quantity: 1e300 }), "lines.0.quantity"],
    ["a quantity in words", () => lines({ sku, quantity: "1" }), "lines.0.quantity"],
    ["an unknown SKU", () => lines({ sku: "NO-SUCH-PHONE", quantity: 1 }), "lines.0.sku"],
    [
      "an unknown SKU beside a known one",
      () => lines({ sku, quantity: 1 }, { sku: "NO-SUCH-PHONE", quantity: 1 }),
      "lines.1.sku",
    ],
    ["a SKU of foreign letters", () => lines({ sku: "../../etc", quantity: 1 }), "lines.0.sku"],
    ["a repeated SKU", () => lines({ sku, quantity: 1 }, { sku, quantity: 1 }), "lines"],
    ["no lines", () => lines(), "lines"],
    ["no e-mail", () => ({ ...body(), email: undefined }), "email"],
    ["an e-mail that is none", () => ({ ...body(), email: "ada" }), "email"],
    ["an unknown shipping method", () => ({ ...body(), shippingMethod: "teleport" }), "shippingMethod"],
    ["a list in the place of the body", () => [body()], ""],
    ["null in the place of the body", () => null, ""],
  ])("with %s is 422 validation_failed and names the field", async ([, make, path]) => {
    const problem = expectProblem(await post(JSON.stringify(make())), "validation_failed");
    expect(problem.errors?.map((error) => error.path)).toContain(path);
  });

  it.for<[what: string, text: string | Uint8Array<ArrayBuffer>]>([
    ["text that is not JSON", "{"],
    ["an empty body", ""],
    ["bytes that are not UTF-8", new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
  ])("with %s is 400 malformed_json", async ([, text]) => {
    expectProblem(await post(text), "malformed_json");
  });

  it("with a body of 1 MB is 413", async () => {
    const text = JSON.stringify({ ...body(), note: "x".repeat(1024 * 1024) });
    expectProblem(await answered(() => post(text)), "payload_too_large");
  });

  it("with a body of 1 MB that does not announce its length is 413", async () => {
    const chunk = new TextEncoder().encode("x".repeat(64 * 1024));
    const stream = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        start(controller) {
          for (let sent = 0; sent < 16; sent += 1) controller.enqueue(chunk);
          controller.close();
        },
      });
    expectProblem(await answered(() => post(stream())), "payload_too_large");
  });

  it.for<[what: string, key: string | null]>([
    ["without an Idempotency-Key", null],
    ["with an empty Idempotency-Key", ""],
    ["with an Idempotency-Key of 256 characters", "k".repeat(256)],
    ["with an Idempotency-Key that has a space inside", "two words"],
  ])("%s is 400 idempotency_key_required", async ([, key]) => {
    expectProblem(await post(JSON.stringify(body()), key), "idempotency_key_required");
  });

  it("at another price than it shows is 409 price_changed", async () => {
    const answer = await post(JSON.stringify({ ...body(), expectedTotal: 1 }));
    // The hold that came with it is gone again; only the ledger remembers.
    figures = { ...figures, ledgerSequence: figures.ledgerSequence + 2 };
    expect(expectProblem(answer, "price_changed").currentTotal).toBe(order.totals.total);
  });

  function post(text: NonNullable<RequestInit["body"]>, key: string | null = randomUUID()) {
    return store.request("POST", "/api/orders", {
      headers: { "content-type": "application/json", ...(key === null ? {} : { "idempotency-key": key }) },
      body: text,
      ...(text instanceof ReadableStream ? { duplex: "half" } : {}),
    });
  }
});

describe("an order", () => {
  const actions = [
    ["GET", ""],
    ["POST", "/payment"],
    ["POST", "/cancel"],
  ] as const;

  it.for(actions)("%s …%s with a wrong token is 404, like one that is not there", async ([method, path]) => {
    const right = { authorization: `Bearer ${order.token}` };
    const call = async (orderId: string, headers: Record<string, string>, code: ProblemCode) => {
      expectProblem(await store.request(method, `/api/orders/${orderId}${path}`, { headers }), code);
    };
    const forged = `${order.token.slice(0, -1)}${order.token.endsWith("A") ? "B" : "A"}`;
    await call(order.orderId, {}, "not_found");
    await call(order.orderId, { authorization: `Bearer ${forged}` }, "not_found");
    await call(order.orderId, { authorization: "Bearer" }, "not_found");
    await call(order.orderId, { authorization: `Basic ${order.token}` }, "not_found");
    await call(invented(), right, "not_found");
    await call("not-an-id", right, "not_found");
    await call("%00", right, "not_found");
  });

  it.for([
    ["DELETE", "/api/orders"],
    ["PUT", "/api/orders"],
    ["GET", "/api/webhooks/stripe"],
  ] as const)("%s %s is 405 and says what is allowed", async ([method, path]) => {
    const answer = await store.request(method, path);
    expectProblem(answer, "method_not_allowed");
    expect(answer.headers.get("allow")).not.toBeNull();
  });

  it.for([
    ["PATCH", ""],
    ["GET", "/payment"],
    ["GET", "/cancel"],
  ] as const)("%s of its path %s is 405", async ([method, path]) => {
    const headers = { authorization: `Bearer ${order.token}` };
    const answer = await store.request(method, `/api/orders/${order.orderId}${path}`, { headers });
    expectProblem(answer, "method_not_allowed");
  });

  /** As long as a real id, and as plausible. */
  function invented(): string {
    const letters = createHash("sha256").update(randomUUID()).digest("hex");
    return (letters + letters).slice(0, order.orderId.length);
  }
});

describe("a webhook", () => {
  it("of 1 MB is 413", async () => {
    const send = (): Promise<Answer> =>
      store.request("POST", "/api/webhooks/stripe", {
        headers: { "stripe-signature": "t=1,v1=00", "content-type": "application/json" },
        body: "x".repeat(1024 * 1024),
      });
    expectProblem(await answered(send), "payload_too_large");
  });
});

describe("the ops endpoints", () => {
  it.for<[what: string, headers: () => Promise<Record<string, string>>]>([
    ["without a token", () => Promise.resolve({})],
    ["with a forged token", async () => forged(await store.opsHeaders())],
    ["with a shopper's token", () => Promise.resolve({ authorization: `Bearer ${order.token}` })],
  ])("refuse to read or change stock %s", async ([, make]) => {
    const headers = { ...(await make()), "content-type": "application/json" };
    expectProblem(await store.request("GET", `/api/ops/skus/${sku}`, { headers }), "unauthorised");
    const body = JSON.stringify({ id: randomUUID(), delta: 5, reason: "mine" });
    const path = `/api/ops/skus/${sku}/adjustments`;
    expectProblem(await store.request("POST", path, { headers, body }), "unauthorised");
  });

  it("refuse an adjustment below what is held, and one of a SKU that nobody sells", async () => {
    const headers = await store.opsHeaders();
    const adjust = (name: string, delta: number) =>
      store.request("POST", `/api/ops/skus/${name}/adjustments`, {
        headers,
        body: JSON.stringify({ id: randomUUID(), delta, reason: "too much" }),
      });
    expectProblem(await adjust(sku, -(UNITS + 1)), "below_committed");
    expectProblem(await adjust(sku, 0.5), "validation_failed");
    expectProblem(await adjust("NO-SUCH-PHONE", 1), "not_found");
  });

  function forged(headers: Record<string, string>): Record<string, string> {
    const [head, claims] = (headers["authorization"] ?? "").split(".");
    return { authorization: `${String(head)}.${String(claims)}.${"A".repeat(86)}` };
  }
});

const TRIES = 10;

/**
 * The answer to a request that is refused before all of it was sent: the store closes the connection then, and whether
 * the client still reads the answer or only finds its writing broken is a matter of luck. Sent again until it was lucky.
 */
async function answered(send: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof TypeError) || tries >= TRIES) throw error;
    }
  }
}

/** A Durable Object that was ever written to is a file; one that was only named is none. */
function objectFiles(): string[] {
  const files = (kind: string): string[] => {
    try {
      return readdirSync(join(store.place.persistDirectory, "do", kind)).filter((name) =>
        name.endsWith(".sqlite"),
      );
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  };
  // Shards are a few for the whole store, whatever is asked: any id may be the first of its shard.
  const found = ["holdfast-SkuInventory", "holdfast-Cart"].flatMap(files).sort();
  expect(found.length, `objects' files below ${store.place.persistDirectory}`).toBeGreaterThan(0);
  return found;
}
