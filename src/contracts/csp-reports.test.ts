import { describe, expect, it } from "vitest";
import { CspReports, violationsOf } from "./csp-reports.ts";

const ORDER_PAGE = "https://store.example/orders/a012?token=secret-token";

const read = (reports: unknown) => violationsOf(CspReports.parse(reports));

describe("a report of a stopped resource", () => {
  it("is read in the form of report-uri", () => {
    const report = {
      "document-uri": ORDER_PAGE,
      "violated-directive": "script-src-elem 'self'",
      "blocked-uri": "https://evil.example/x.js?card=4242",
      "original-policy": "…",
    };
    expect(read({ "csp-report": report })).toEqual([
      { directive: "script-src-elem", blocked: "elsewhere", page: "order" },
    ]);
  });

  it("is read in the form of the Reporting API, where other kinds of reports are left out", () => {
    const body = { documentURL: ORDER_PAGE, effectiveDirective: "img-src", blockedURL: "data" };
    const reports = [
      { type: "csp-violation", age: 1, url: ORDER_PAGE, user_agent: "x", body },
      { type: "deprecation", body: { id: "old" } },
      { type: "csp-violation", body: null },
    ];
    expect(read(reports)).toEqual([{ directive: "img-src", blocked: "data", page: "order" }]);
  });

  it.each([
    ["inline", "inline"],
    ["trusted-types-sink", "trusted-types-sink"],
    ["https://store.example/assets/old.js", "self"],
    ["chrome-extension", "extension"],
    ["moz-extension://abc/x.js", "extension"],
    ["blob:https://store.example/1", "blob"],
    ["not an address", "elsewhere"],
    ["", "elsewhere"],
  ])("calls %j %s", (blockedURL, blocked) => {
    const body = { documentURL: ORDER_PAGE, effectiveDirective: "script-src-elem", blockedURL };
    expect(read([{ type: "csp-violation", body }])[0]?.blocked).toBe(blocked);
  });

  it("says nothing in a stranger's words", () => {
    const body = { documentURL: "ada@example.com", effectiveDirective: "ada@example.com", blockedURL: "ada" };
    expect(read([{ type: "csp-violation", body }])).toEqual([
      { directive: "other", blocked: "elsewhere", page: "other" },
    ]);
    expect(JSON.stringify(read([{ type: "csp-violation", body }]))).not.toContain("ada");
  });

  it("is refused where it is none, or where there are too many", () => {
    expect(CspReports.safeParse({}).success).toBe(false);
    expect(CspReports.safeParse("report").success).toBe(false);
    expect(CspReports.safeParse(Array(21).fill({ type: "csp-violation" })).success).toBe(false);
  });
});
