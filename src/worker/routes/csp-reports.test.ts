/** Reports of a page's policy: taken in both forms, counted without a word of the sender's, and limited. */
import { describe, expect, test, vi } from "vitest";
import { Problem } from "../../contracts/problem.ts";
import { servicesOf } from "../compose.ts";
import { send, testEnv } from "../store-under-test.ts";

const PATH = "/api/csp-reports";
const ORDER_PAGE = "https://store.example/orders/a012?token=secret-token";
const LISTED = [
  {
    type: "csp-violation",
    url: ORDER_PAGE,
    body: { documentURL: ORDER_PAGE, effectiveDirective: "script-src-elem", blockedURL: "inline" },
  },
];
const FORMER = {
  "csp-report": {
    "document-uri": ORDER_PAGE,
    "violated-directive": "img-src",
    "blocked-uri": "https://x.example",
  },
};

interface Point {
  readonly blobs: string[];
}
const written: Point[] = [];
/** The first composition is the isolate's: this file's remembers its metrics and has a limit that is reached. */
servicesOf({
  ...testEnv,
  METRICS: { writeDataPoint: (point) => written.push(point as Point) },
  REPORT_LIMIT: { limit: () => Promise.resolve({ success: false }) },
});
/** Reports of a network that are taken without asking the limit's binding (src/worker/compose.ts). */
const UNASKED = 5;
let networks = 0;

function report(body: unknown, contentType: string, network = `192.0.2.${String(++networks)}`) {
  const headers = { "content-type": contentType, "cf-connecting-ip": network, cookie: "__Host-cart=x" };
  return send(PATH, {
    method: "POST",
    headers: { ...headers, "sec-fetch-site": "same-origin" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

describe("a browser's report", () => {
  test.each([
    ["of the Reporting API", LISTED, "application/reports+json", ["script-src-elem", "order inline"]],
    ["of report-uri", FORMER, "application/csp-report", ["img-src", "order elsewhere"]],
  ])("%s is counted by directive, kind of page and what was stopped", async (_name, body, type, blobs) => {
    written.length = 0;
    const lines = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const response = await report(body, type);
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect(written.map((point) => point.blobs.slice(0, 3))).toEqual([["csp_violations", ...blobs]]);
    const said = JSON.stringify([written, lines.mock.calls]);
    expect(said).toContain("page.policy_violated");
    expect(said).not.toMatch(/secret-token|a012|x\.example/);
    lines.mockRestore();
  });

  test("that is none is refused", async () => {
    written.length = 0;
    expect((await report({ hello: 1 }, "application/csp-report")).status).toBe(422);
    expect((await report("{", "application/csp-report")).status).toBe(400);
    expect((await report(LISTED, "text/plain")).status).toBe(415);
    expect(written).toEqual([]);
  });

  test("is limited by network", async () => {
    for (let sent = 0; sent < UNASKED; sent += 1) {
      expect((await report([], "application/reports+json", "198.51.100.1")).status).toBe(204);
    }
    const response = await report([], "application/reports+json", "198.51.100.1");
    expect(Problem.parse(await response.json()).code).toBe("rate_limited");
    expect(response.headers.get("retry-after")).toBe("60");
  });
});
