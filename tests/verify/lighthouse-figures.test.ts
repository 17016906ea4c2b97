import { describe, expect, it } from "vitest";
import { figuresTable, medians, shortcomings, type PageFigures } from "./lighthouse-figures.ts";

const JUST_GOOD: PageFigures = {
  scores: { performance: 98, accessibility: 98, "best-practices": 98, seo: 98 },
  metrics: { lcpMs: 1500, cls: 0.02, tbtMs: 50 },
};

describe("Lighthouse's figures", () => {
  it("are good enough at their limits", () => {
    expect(shortcomings(JUST_GOOD)).toEqual([]);
  });

  it.each(["performance", "accessibility", "best-practices", "seo"] as const)(
    "fall short by %s",
    (category) => {
      const figures = { ...JUST_GOOD, scores: { ...JUST_GOOD.scores, [category]: 97 } };
      expect(shortcomings(figures)).toEqual([`${category} 97, at least 98 is asked for`]);
    },
  );

  it.each([
    ["lcpMs", 1501, "LCP (ms) 1501, at most 1500 is allowed"],
    ["cls", 0.021, "CLS 0.021, at most 0.02 is allowed"],
    ["tbtMs", 51, "TBT (ms) 51, at most 50 is allowed"],
  ] as const)("fall short by %s", (metric, value, line) => {
    expect(shortcomings({ ...JUST_GOOD, metrics: { ...JUST_GOOD.metrics, [metric]: value } })).toEqual([
      line,
    ]);
  });

  it("fall short where one was not measured", () => {
    const figures = { ...JUST_GOOD, metrics: { ...JUST_GOOD.metrics, lcpMs: Number.NaN } };
    expect(shortcomings(figures)).toHaveLength(1);
  });

  it("are the median of several runs, each for itself", () => {
    const run = (performance: number, lcpMs: number): PageFigures => ({
      scores: { ...JUST_GOOD.scores, performance },
      metrics: { ...JUST_GOOD.metrics, lcpMs },
    });
    const { scores, metrics } = medians([
      run(100, 900),
      run(60, 4000),
      run(99, 700),
      run(98, 1100),
      run(97, 800),
    ]);
    expect(scores.performance).toBe(98);
    expect(metrics.lcpMs).toBe(900);
  });

  it("are told as a table with what is asked for in its last row", () => {
    const lines = figuresTable([{ name: "home", ...JUST_GOOD }]).split("\n");
    expect(lines).toContain("| home | 98 | 98 | 98 | 98 | 1500 | 0.02 | 50 |");
    expect(lines.at(-1)).toBe("| asked for | ≥ 98 | ≥ 98 | ≥ 98 | ≥ 98 | ≤ 1500 | ≤ 0.02 | ≤ 50 |");
  });
});
