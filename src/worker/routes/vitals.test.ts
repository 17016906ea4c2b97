/** Measurements from browsers: what is taken, what is refused, and what reaches the metrics. */
import { describe, expect, test } from "vitest";
import { Problem } from "../../contracts/problem.ts";
import { servicesOf } from "../compose.ts";
import { send, sendJson, testEnv } from "../store-under-test.ts";

const VISIT = { page: "product", lcpMs: 1234.5, inpMs: 48, cls: 0.012, ttfbMs: 90, fcpMs: 640 };
const PATH = "/api/vitals";

interface Point {
  readonly indexes: string[];
  readonly blobs: string[];
  readonly doubles: number[];
}

/** What the metrics binding was given. */
const written: Point[] = [];
/** The first composition is the isolate's: this file's has a metrics binding that remembers and a limit that is reached. */
servicesOf({
  ...testEnv,
  METRICS: { writeDataPoint: (point) => written.push(point as Point) },
  READ_LIMIT: { limit: () => Promise.resolve({ success: false }) },
});
/** Requests of a network that are let through without asking the limit's binding (src/worker/compose.ts). */
const UNASKED_READS = 200;

/** The points that `during` writes. */
async function pointsOf(during: () => Promise<unknown>): Promise<Point[]> {
  const before = written.length;
  await during();
  return written.slice(before);
}

describe("a visit's figures", () => {
  test("become one point each, under their name and the kind of page", async () => {
    const points = await pointsOf(async () => {
      const response = await sendJson("POST", PATH, VISIT, { "sec-fetch-site": "same-origin" });
      expect([response.status, await response.text()]).toEqual([204, ""]);
      expect(response.headers.get("cache-control")).toContain("no-store");
      expect(response.headers.getSetCookie()).toEqual([]);
    });
    expect(points.map(({ blobs }) => blobs.slice(0, 3).join(" ")).sort()).toEqual([
      "web_vitals cls product",
      "web_vitals fcp product",
      "web_vitals inp product",
      "web_vitals lcp product",
      "web_vitals ttfb product",
    ]);
    const figure = (name: string) => points.find(({ blobs }) => blobs[1] === name)?.doubles;
    expect(figure("lcp")).toEqual([1, 1234.5]);
    expect(figure("cls")).toEqual([1, 0, 0.012]);
  });

  test("may be few: what a browser cannot measure it leaves out", async () => {
    const points = await pointsOf(async () => {
      expect((await sendJson("POST", PATH, { page: "home", ttfbMs: 0 })).status).toBe(204);
    });
    expect(points).toHaveLength(1);
  });

  test("are taken from a browser that has our cookies, which are not looked at", async () => {
    const headers = { cookie: "__Host-cart=broken", "sec-fetch-site": "same-origin" };
    expect((await sendJson("POST", PATH, VISIT, headers)).status).toBe(204);
  });
});

describe("refused and not counted", () => {
  test.each([
    ["a page that is none of the kinds", { ...VISIT, page: "/orders/a012" }, "page"],
    ["an address", { ...VISIT, url: "https://store.example/orders/a012" }, "url"],
    ["an id", { ...VISIT, id: "v6-1" }, "id"],
    ["a negative time", { ...VISIT, lcpMs: -1 }, "lcpMs"],
    ["an endless time", { ...VISIT, inpMs: 1e9 }, "inpMs"],
    ["a time in words", { ...VISIT, ttfbMs: "90" }, "ttfbMs"],
    ["a score beyond any layout", { ...VISIT, cls: 1e6 }, "cls"],
    ["no page", { lcpMs: 1 }, "page"],
    ["no figure", { page: "home" }, ""],
  ])("%s", async (_name, body, path) => {
    const points = await pointsOf(async () => {
      const response = await sendJson("POST", PATH, body);
      expect(response.status).toBe(422);
      const { code, errors } = Problem.parse(await response.json());
      expect([code, errors?.map((error) => error.path)]).toEqual(["validation_failed", [path]]);
    });
    expect(points).toEqual([]);
  });

  test("what is no JSON, or another site's", async () => {
    expect((await sendJson("POST", PATH, "{")).status).toBe(400);
    expect((await sendJson("POST", PATH, VISIT, { "content-type": "text/plain" })).status).toBe(415);
    const foreign = { "content-type": "text/plain", "sec-fetch-site": "cross-site" };
    expect((await sendJson("POST", PATH, VISIT, foreign)).status).toBe(403);
    expect((await send(PATH)).status).toBe(405);
  });

  test("more than a network may send", async () => {
    const headers = { "cf-connecting-ip": "192.0.2.7" };
    for (let sent = 0; sent < UNASKED_READS; sent += 1) {
      expect((await sendJson("POST", PATH, VISIT, headers)).status).toBe(204);
    }
    const response = await sendJson("POST", PATH, VISIT, headers);
    expect(response.status).toBe(429);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await sendJson("POST", PATH, VISIT, { "cf-connecting-ip": "192.0.2.8" })).status).toBe(204);
  });
});
