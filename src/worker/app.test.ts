/** What every request meets: ids and headers, error shapes, body and origin guards, faults. */
import { describe, expect, test } from "vitest";
import { Problem } from "../contracts/problem.ts";
import { createApp } from "./app.ts";
import { ALL_ENDPOINTS } from "./openapi/account-endpoints.ts";
import { routePath } from "./openapi/endpoints.ts";
import { ORIGIN, send, sendJson, testEnv } from "./store-under-test.ts";
import { newCartId, parseSigningKeys, signCartId } from "../adapters/signing/index.ts";

const order = {
  lines: [{ sku: "PHONE-128-BLACK", quantity: 1 }],
  email: "ada@example.com",
  shippingAddress: {
    name: "Ada",
    line1: "1 Main St",
    city: "Springfield",
    region: "IL",
    postalCode: "62701",
    country: "US",
  },
  shippingMethod: "standard",
};
const KEY = { "idempotency-key": "test-key" };

/** Checks the document's shape and that the answer is not kept anywhere. */
async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(response.headers.get("cache-control")).toContain("no-store");
  const problem = Problem.parse(await response.json());
  expect(problem.status).toBe(response.status);
  expect(problem.requestId).toBe(response.headers.get("x-request-id"));
  return problem;
}

describe("every response", () => {
  test("carries a request id of our own, never the caller's", async () => {
    const headers = { "x-request-id": "mine" };
    const ids = await Promise.all(
      ["/api/openapi.json", "/api/nope", "/nope"].map(async (path) =>
        (await send(path, { headers })).headers.get("x-request-id"),
      ),
    );
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("says what browsers may do with it", async () => {
    const page = await send("/nope");
    expect(page.headers.get("content-security-policy")).toContain("script-src 'self';");
    expect(page.headers.get("x-frame-options")).toBe("DENY");
    const api = await send("/api/nope");
    expect(api.headers.get("content-security-policy")).toContain("default-src 'none'");
    for (const response of [page, api]) {
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("referrer-policy")).not.toBeNull();
      expect(response.headers.get("strict-transport-security")).toBe("max-age=63072000; includeSubDomains");
    }
  });
});

describe("paths and methods", () => {
  test("an unknown path is a problem under /api and a page elsewhere", async () => {
    expect((await problemOf(await send("/api/nope"))).code).toBe("not_found");
    const page = await send("/nope");
    expect(page.status).toBe(404);
    expect(page.headers.get("content-type")).toContain("text/html");
  });

  test("a wrong method on a known path names the right ones", async () => {
    const response = await send("/api/orders/some-id", { method: "DELETE" });
    expect((await problemOf(response)).code).toBe("method_not_allowed");
    expect(response.headers.get("allow")).toBe("GET, HEAD");
    const page = await send("/checkout", { method: "PUT" });
    expect([page.status, page.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
  });

  test("a slash at the end of a page's address leads to the page, with its query", async () => {
    const at = async (path: string, method = "GET") => {
      const response = await send(path, { method, redirect: "manual" });
      return [response.status, response.headers.get("location")];
    };
    expect(await at("/products/")).toEqual([308, "/products"]);
    expect(await at("/products/phone/?sku=A%20B&x=%2F")).toEqual([308, "/products/phone?sku=A%20B&x=%2F"]);
    expect(await at("/account/orders//?cursor=1", "HEAD")).toEqual([308, "/account/orders?cursor=1"]);
    expect(await at("/orders/some-id/pay/")).toEqual([308, "/orders/some-id/pay"]);
    expect((await at("/"))[1]).toBeNull();
  });

  test("a slash at the end leads nowhere else: not off the store, not to what changes something, not under /api", async () => {
    for (const path of ["//evil.example/", "//products/", "/\\evil.example/", "/nope/", "/api/products/"])
      expect([path, (await send(path, { redirect: "manual" })).status]).toEqual([path, 404]);
    expect((await send("/checkout/", { method: "POST" })).status).toBe(404);
    expect((await send("/cart/lines/", { redirect: "manual" })).status).toBe(404);
  });

  test("HEAD answers like GET, without a body", async () => {
    const response = await send("/api/openapi.json", { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  test("every route of the API is in the endpoint table, and the other way round", () => {
    const routed = createApp()
      .routes.filter(({ method, path }) => method !== "ALL" && path.startsWith("/api/"))
      .map(({ method, path }) => `${method} ${path}`);
    const documented = Object.values(ALL_ENDPOINTS).map(
      (endpoint) => `${endpoint.method.toUpperCase()} ${routePath(endpoint)}`,
    );
    expect([...new Set(routed)].sort()).toEqual(documented.sort());
  });
});

describe("bodies", () => {
  test.each(["", "{", "nul", "{'a':1}", '{"a":1}x'])("%j is malformed JSON", async (body) => {
    expect((await problemOf(await sendJson("POST", "/api/orders", body, KEY))).code).toBe("malformed_json");
  });

  test("bytes that are not UTF-8 are malformed, not replaced", async () => {
    const body = new Uint8Array([0x22, 0xff, 0x22]);
    const response = await send("/api/orders", { method: "POST", headers: KEY, body });
    expect((await problemOf(response)).code).toBe("malformed_json");
  });

  test.each([{}, { "content-length": "9" }])(
    "U+FFFD that the sender wrote is a character like any other %j",
    async (length) => {
      const headers = { ...KEY, ...length };
      const problem = await problemOf(await sendJson("POST", "/api/orders", '{"\uFFFD":1}', headers));
      expect(problem.code).toBe("validation_failed");
    },
  );

  test("JSON that is declared to be something else is refused", async () => {
    const response = await sendJson("POST", "/api/orders", order, { ...KEY, "content-type": "text/plain" });
    expect((await problemOf(response)).status).toBe(415);
  });

  test("a schema violation names every field, unknown ones too", async () => {
    const body = { ...order, extra: 1, lines: [{ sku: "x", quantity: 0, gift: true }] };
    const problem = await problemOf(await sendJson("POST", "/api/orders", body, KEY));
    expect(problem.code).toBe("validation_failed");
    expect(problem.errors?.map(({ path }) => path)).toEqual([
      "lines.0.sku",
      "lines.0.quantity",
      "lines.0.gift",
      "extra",
    ]);
  });

  test.each([-1, 0, 1.5, 11, 1e21, "1", null])("a quantity of %j is refused", async (quantity) => {
    const body = { ...order, lines: [{ sku: "PHONE-128-BLACK", quantity }] };
    expect((await problemOf(await sendJson("POST", "/api/orders", body, KEY))).status).toBe(422);
  });

  test("over 64 KiB is refused where it is announced", async () => {
    const response = await sendJson("POST", "/api/orders", " ".repeat(64 * 1024 + 1), KEY);
    expect((await problemOf(response)).code).toBe("payload_too_large");
  });

  test("over 64 KiB is refused where it comes in chunks of unknown number", async () => {
    let chunks = 0;
    const body = new ReadableStream({
      pull(controller) {
        chunks += 1;
        controller.enqueue(new Uint8Array(10_000).fill(32));
      },
    });
    const response = await send("/api/orders", { method: "POST", headers: KEY, body });
    expect((await problemOf(response)).code).toBe("payload_too_large");
    expect(chunks).toBeLessThan(20);
  });

  test("an order without an idempotency key, or with one that is none, says so before anything else", async () => {
    for (const headers of [{}, { "idempotency-key": "a b" }, { "idempotency-key": "x".repeat(256) }]) {
      const response = await sendJson("POST", "/api/orders", order, headers);
      expect((await problemOf(response)).code).toBe("idempotency_key_required");
    }
  });
});

const definedHeaders = (headers: Readonly<Record<string, string | undefined>>) =>
  Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);

describe("requests from other sites", () => {
  const cookie = "__Host-cart=anything";

  test.each([
    ["a foreign page with our cookies", { cookie, "sec-fetch-site": "cross-site" }],
    ["another subdomain with our cookies", { cookie, "sec-fetch-site": "same-site" }],
    ["an old browser's foreign origin", { cookie, origin: "https://evil.example" }],
    ["a foreign form without cookies", { "sec-fetch-site": "cross-site" }],
    ["an opaque origin", { cookie, origin: "null" }],
  ])("%s is refused", async (_name, headers) => {
    const init = {
      method: "POST",
      body: new URLSearchParams({ quantity: "1" }),
      redirect: "manual",
    } as const;
    const response = await send("/cart/lines/PHONE-128-BLACK/remove", {
      ...init,
      headers: definedHeaders(headers),
    });
    expect(response.status).toBe(403);
  });

  test("our own pages, and clients that are no browsers, are let through", async () => {
    for (const headers of [
      { cookie, "sec-fetch-site": "same-origin" },
      { cookie, origin: ORIGIN },
      { cookie },
    ]) {
      const response = await send("/cart/lines/PHONE-128-BLACK/remove", {
        method: "POST",
        headers,
        redirect: "manual",
      });
      expect(response.status).toBe(303);
    }
  });
});

describe("faults", () => {
  const keys = parseSigningKeys(testEnv.SIGNING_KEYS, testEnv.ORDER_EPOCHS);
  const cookie = `__Host-cart=${signCartId(keys, newCartId())}`;
  const failing = (fault: Error) => ({
    CART: {
      getByName: () => {
        throw fault;
      },
    } as unknown as Env["CART"],
  });

  test("an unforeseen one is a 500 that says nothing of the inside, as problem and as page", async () => {
    const env = failing(new Error("password=hunter2"));
    const problem = await problemOf(await send("/api/cart", { headers: { cookie }, env }));
    expect(problem.code).toBe("internal");
    const page = await send("/cart", { headers: { cookie }, env });
    expect(page.status).toBe(500);
    const text = JSON.stringify(problem) + (await page.text());
    expect(text).not.toContain("hunter2");
    expect(text).toContain(page.headers.get("x-request-id"));
  });

  test("an overloaded object sheds its load with Retry-After", async () => {
    const env = failing(Object.assign(new Error("overloaded"), { overloaded: true, retryable: true }));
    const response = await send("/api/cart", { headers: { cookie }, env });
    expect((await problemOf(response)).code).toBe("rate_limited");
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("an object that can be asked again is a 503 with Retry-After, and a page that waits", async () => {
    const env = failing(Object.assign(new Error("moved"), { retryable: true }));
    const response = await send("/api/cart", { headers: { cookie }, env });
    expect((await problemOf(response)).code).toBe("temporarily_unavailable");
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    const page = await send("/cart", { headers: { cookie }, env });
    expect(page.status).toBe(503);
    const html = await page.text();
    expect(html).toContain('http-equiv="refresh"');
    // The same address, with whatever stood behind its question mark.
    expect(html).toMatch(/href="">\s*Try now/);
  });

  test("without a catalog anywhere the store is temporarily unavailable, not broken", async () => {
    const response = await send("/api/products");
    expect((await problemOf(response)).code).toBe("temporarily_unavailable");
  });
});
