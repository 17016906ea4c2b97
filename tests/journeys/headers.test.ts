/**
 * Every response header of every kind of answer, line by line, against OWASP's secure-headers list
 * (https://owasp.org/www-project-secure-headers): a header that comes, goes or changes fails here.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_DIRECTORY } from "../../local/orchestration/settings.ts";
import { BrowserJar } from "../harness/browser-jar.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { type Answer } from "../harness/store.ts";

const store = sharedStore();

/** Of the transport, of the cache in front, or different every time: none says what a browser may do. */
const PASSING = new Set([
  "date",
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
  "content-encoding",
  "vary",
  "age",
  "etag",
  "cf-cache-status",
]);

const SHARED_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; trusted-types holdfast; report-uri /api/csp-reports";
const REFUSED_FEATURES =
  "accelerometer=(), autoplay=(), bluetooth=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), " +
  "magnetometer=(), microphone=(), midi=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=(), " +
  "fullscreen=(self), publickey-credentials-create=(self)";

/** What every answer of the Worker bears; `Strict-Transport-Security` joins it over https (src/worker/app.test.ts). */
const OF_THE_WORKER = {
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
  "x-request-id": "(an id)",
};
const PAGE = {
  ...OF_THE_WORKER,
  "content-type": "text/html; charset=UTF-8",
  "content-security-policy": SHARED_POLICY,
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": `${REFUSED_FEATURES}, payment=(), publickey-credentials-get=(self)`,
  "referrer-policy": "strict-origin-when-cross-origin",
};
const PERSONAL = { "cache-control": "private, no-store" };
const API = {
  ...OF_THE_WORKER,
  "content-type": "application/json",
  "content-security-policy":
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
};
const PROBLEM = { ...API, "content-type": "application/problem+json", "cache-control": "no-store" };
const SHARED_FOR_A_WHILE = { "cache-control": "public, max-age=0, s-maxage=30, stale-while-revalidate=600" };

const OF_A_FILE = {
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=63072000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
};
const INERT = { "content-security-policy": "default-src 'none'; frame-ancestors 'none'" };
const DRAWING = {
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  "content-type": "image/svg+xml",
};
const OURS = { "cross-origin-resource-policy": "same-origin" };
const ANYBODYS = { "cross-origin-resource-policy": "cross-origin" };
const FOR_EVER = { "cache-control": "public, max-age=31536000, immutable" };
const FOR_A_DAY = { "cache-control": "public, max-age=86400" };

/** Those of an answer without a body. */
function bodiless(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "content-type"));
}

/** An answer's status and its headers that say something. */
function said({ status, headers }: Answer): { status: number } & Record<string, unknown> {
  const shown = [...headers]
    .filter(([name]) => !PASSING.has(name) && name !== "set-cookie")
    .map(([name, value]) => [name, name === "x-request-id" ? "(an id)" : value] as const);
  return { status, ...Object.fromEntries(shown) };
}

const get = async (path: string, headers: Record<string, string> = {}) =>
  said(await store.request("GET", path, { headers }));

describe("the headers of a page", () => {
  it("that everybody shares", async () => {
    expect(await get("/")).toEqual({ status: 200, ...PAGE, ...SHARED_FOR_A_WHILE });
  });

  it("that is confirmed by 304: those of the page, for caches put them in the place of the kept ones", async () => {
    const { headers } = await store.request("GET", "/products");
    expect(await get("/products", { "if-none-match": headers.get("etag") ?? "" })).toEqual({
      status: 304,
      ...bodiless(PAGE),
      ...SHARED_FOR_A_WHILE,
    });
  });

  it("that is somebody's own", async () => {
    expect(await get("/cart")).toEqual({ status: 200, ...PAGE, ...PERSONAL });
  });

  it("that is not there", async () => {
    expect(await get("/nothing-here")).toEqual({ status: 404, ...PAGE, ...PERSONAL });
  });

  it("where one pays: Stripe's code by a nonce of this answer alone", async () => {
    const order = await store.placed({ lines: [{ sku: await store.stock.plenty(), quantity: 1 }] });
    const browser = new BrowserJar(store);
    await browser.get(`/orders/${order.orderId}/pay?token=${order.token}`);
    const answer = await browser.get(`/orders/${order.orderId}/pay`);
    const nonce = nonceOf(answer);
    const stripe = store.endpoints.stripe;
    expect(said(answer)).toEqual({
      status: 200,
      ...PAGE,
      ...PERSONAL,
      "cross-origin-opener-policy": "same-origin-allow-popups",
      "content-security-policy":
        `default-src 'none'; script-src 'nonce-${nonce}' 'strict-dynamic' 'self' ${stripe}; style-src 'self'; ` +
        `img-src 'self' ${stripe}; font-src 'self'; connect-src 'self' ${stripe}; frame-src ${stripe}; ` +
        "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
        "report-uri /api/csp-reports",
      "permissions-policy": `${REFUSED_FEATURES}, payment=(self "${stripe}"), publickey-credentials-get=(self "${stripe}")`,
    });
    expect(nonce.length).toBeGreaterThanOrEqual(22);
    expect(nonceOf(await browser.get(`/orders/${order.orderId}/pay`))).not.toBe(nonce);
    // The only scripts of the page are ours, and each bears it.
    const scripts = String(answer.body).match(/<script\b[^>]*>/g) ?? [];
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
    expect(scripts.length).toBeGreaterThan(0);
  });
});

describe("the headers of the API's answer", () => {
  it("that everybody shares", async () => {
    expect(await get("/api/products")).toEqual({ status: 200, ...API, ...SHARED_FOR_A_WHILE });
  });

  it("that is somebody's own", async () => {
    expect(await get("/api/cart")).toEqual({ status: 200, ...API, "cache-control": "no-store" });
  });

  it("that is a problem", async () => {
    expect(await get("/api/orders/nobodys")).toEqual({ status: 404, ...PROBLEM });
    const refused = await store.request("POST", "/api/products");
    expect(said(refused)).toEqual({ status: 405, ...PROBLEM, allow: "GET, HEAD" });
  });

  it("that sends elsewhere: nothing of the address goes along", async () => {
    const order = await store.placed({ lines: [{ sku: await store.stock.plenty(), quantity: 1 }] });
    expect(await get(`/orders/${order.orderId}?token=${order.token}`)).toEqual({
      status: 303,
      ...bodiless(API),
      ...PERSONAL,
      location: `/orders/${order.orderId}`,
    });
  });
});

describe("the headers of a file", () => {
  let names: Record<string, string> = {};
  beforeAll(() => {
    names = JSON.parse(
      readFileSync(join(PROJECT_DIRECTORY, "dist/asset-manifest.json"), "utf8"),
    ) as typeof names;
  });

  it("of code and style", async () => {
    const script = { "content-type": "text/javascript; charset=utf-8" };
    const ours = { status: 200, ...OF_A_FILE, ...INERT, ...OURS, ...FOR_EVER };
    expect(await get(names["store.js"] ?? "")).toEqual({ ...ours, ...script });
    expect(await get(names["store.css"] ?? "")).toEqual({
      ...ours,
      "content-type": "text/css; charset=utf-8",
    });
  });

  it("of the service worker, which may ask our own server only", async () => {
    expect(await get("/sw.js")).toEqual({
      status: 200,
      ...OF_A_FILE,
      ...OURS,
      "cache-control": "no-cache",
      "content-type": "text/javascript; charset=utf-8",
      "content-security-policy": "default-src 'none'; connect-src 'self'; frame-ancestors 'none'",
    });
  });

  it("of a picture, which others may show", async () => {
    const file = { status: 200, ...OF_A_FILE, ...ANYBODYS };
    const image = { "cache-control": "public, max-age=86400, stale-while-revalidate=604800" };
    expect(await get("/images/aurora-coral.svg")).toEqual({ ...file, ...DRAWING, ...image });
    expect(await get("/favicon.svg")).toEqual({ ...file, ...DRAWING, ...FOR_A_DAY });
    expect(await get("/icons/icon-192.png")).toEqual({
      ...file,
      ...INERT,
      ...FOR_A_DAY,
      "content-type": "image/png",
    });
  });
});

describe("what no answer has", () => {
  it("is a word about the software behind it, a header browsers gave up, or a right for other sites", async () => {
    for (const path of [
      "/",
      "/cart",
      "/nothing-here",
      "/api/products",
      "/api/orders/x",
      "/api/openapi.json",
      "/sw.js",
    ]) {
      const { headers } = await store.request("GET", path, {
        headers: { origin: "https://elsewhere.example" },
      });
      for (const [name] of headers) {
        expect(`${path} ${name}`).not.toMatch(
          / (?:access-control-|x-powered-by|server|x-xss-protection|expect-ct|feature-policy|public-key-pins)/,
        );
      }
    }
  });

  it("is consent to a preflight", async () => {
    for (const path of [
      "/api/orders",
      "/api/cart/lines/ANY",
      "/api/auth/sign-in/email",
      "/api/ops/skus/ANY",
      "/checkout",
    ]) {
      const answer = await store.request("OPTIONS", path, {
        headers: { origin: "https://elsewhere.example", "access-control-request-method": "POST" },
      });
      expect([403, 405]).toContain(answer.status);
      for (const [name] of answer.headers) expect(name).not.toMatch(/^access-control-/);
    }
  });
});

/** The nonce in a page's policy. */
function nonceOf({ headers }: Answer): string {
  return /'nonce-([^']+)'/.exec(headers.get("content-security-policy") ?? "")?.[1] ?? "";
}
