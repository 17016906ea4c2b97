/** Every route that may change something, as it is registered: none listens to another site's page, none reads without end. */
import { describe, expect, test } from "vitest";
import { createApp } from "../app.ts";
import { ALL_ENDPOINTS } from "../openapi/account-endpoints.ts";
import { routePath } from "../openapi/endpoints.ts";
import { ORIGIN, send } from "../store-under-test.ts";

const SAFE = new Set(["GET", "HEAD", "ALL"]);
/** Takes what another site's page posts, on purpose (unsafe-request.ts). */
const APPLE = "/api/auth/callback/apple";
/** Goes through the same middleware; here there is no Stripe to ask. */
const ASKS_STRIPE = "/api/health";
const COOKIE = "__Host-session=anything; __Host-cart=anything; CF_Authorization=anything";

/** `[method, path]` of every route that may change something, with made-up ids in it. */
const WRITING = [
  ...new Map(
    createApp()
      .routes.filter(({ method }) => !SAFE.has(method))
      .map(({ method, path }) => [`${method} ${path}`, [method, path.replace(/:\w+/g, "made-up")] as const]),
  ).values(),
];
const GUARDED = WRITING.filter(([, path]) => path !== APPLE);

describe("the routes that may change something", () => {
  test("are those of the endpoint table, and the pages' forms", () => {
    const paths = new Set(WRITING.map((route) => route.join(" ")));
    for (const endpoint of Object.values(ALL_ENDPOINTS).filter(({ method }) => method !== "get")) {
      const path = routePath(endpoint).replace(/:\w+/g, "made-up");
      expect(paths).toContain(`${endpoint.method.toUpperCase()} ${path}`);
    }
    expect(WRITING.filter(([, path]) => !path.startsWith("/api/")).length).toBeGreaterThan(5);
  });

  test.each(GUARDED)(
    "%s %s refuses a foreign page, by Sec-Fetch-Site and by Origin",
    async (method, path) => {
      const foreign: Record<string, string>[] = [
        { cookie: COOKIE, "sec-fetch-site": "cross-site" },
        { cookie: COOKIE, "sec-fetch-site": "same-site" },
        // Sec-Fetch-Site decides: no page can forge it, and Origin could be missing or ours by a redirect.
        { cookie: COOKIE, "sec-fetch-site": "cross-site", origin: ORIGIN },
        { cookie: COOKIE, origin: "https://evil.example" },
        { cookie: COOKIE, origin: "null" },
        { cookie: COOKIE, origin: `${ORIGIN}.evil.example` },
      ];
      for (const headers of foreign) {
        const response = await send(path, {
          method,
          headers: { ...headers, "content-type": "application/json" },
        });
        expect([headers, response.status]).toEqual([headers, 403]);
        expect(response.headers.getSetCookie()).toEqual([]);
      }
    },
  );

  test.each(GUARDED)(
    "%s %s refuses a foreign page's form, which could bring its own cookie",
    async (method, path) => {
      for (const type of [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
      ]) {
        const headers = { "content-type": type, "sec-fetch-site": "cross-site" };
        expect((await send(path, { method, headers, body: "a=1" })).status).toBe(403);
      }
    },
  );

  test.each(GUARDED)(
    "%s %s answers no preflight, so no foreign page's script may call it",
    async (method, path) => {
      const headers = {
        origin: "https://evil.example",
        "access-control-request-method": method,
        "access-control-request-headers": "content-type, idempotency-key",
        "sec-fetch-site": "cross-site",
      };
      const response = await send(path, { method: "OPTIONS", headers });
      expect([403, 405]).toContain(response.status);
      for (const [name] of response.headers) expect(name).not.toMatch(/^access-control-/);
    },
  );

  test.each(WRITING)("%s %s takes no body over 64 KiB, announced or not", async (method, path) => {
    const headers = { "content-type": "application/json" };
    const announced = await send(path, { method, headers, body: " ".repeat(64 * 1024 + 1) });
    expect(announced.status).toBe(413);
    let chunks = 0;
    const endless = new ReadableStream({
      pull(controller) {
        chunks += 1;
        controller.enqueue(new Uint8Array(10_000).fill(32));
      },
    });
    const streamed = await send(path, { method, headers, body: endless });
    expect(streamed.status).toBe(413);
    expect(chunks).toBeLessThan(20);
  });

  test("only Apple's answer may come from another site's page", async () => {
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      origin: "https://appleid.apple.com",
      "sec-fetch-site": "cross-site",
    };
    const response = await send(APPLE, { method: "POST", headers, body: "code=1&state=2" });
    expect(response.status).not.toBe(403);
  });
});

describe("every route that only reads", () => {
  const reading = [
    ...new Set(
      createApp()
        .routes.filter(({ method, path }) => method === "GET" && path !== ASKS_STRIPE)
        .map(({ path }) => path.replace(/:[\w]+(?:\{[^}]*\})?/g, "made-up")),
    ),
  ];
  test.each(reading)("%s is for our own pages: no foreign script may read it", async (path) => {
    const response = await send(path, { headers: { origin: "https://evil.example" }, redirect: "manual" });
    for (const [name] of response.headers) expect(name).not.toMatch(/^access-control-/);
    expect(response.headers.get("cross-origin-resource-policy")).toBe("same-origin");
  });
});
