/** Legibility is a property of the tokens, so it is checked there: every pair, both schemes. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { contrastRatio } from "./contrast.ts";
import { PAIRS, tokenNames, tokenValue } from "./design-tokens.ts";

describe("contrast", () => {
  it("is what WCAG says it is", () => {
    expect(contrastRatio("#000000", "#ffffff")).toBeCloseTo(21);
    expect(contrastRatio("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
    expect(contrastRatio("#336699", "#336699")).toBe(1);
    expect(() => contrastRatio("red", "#fff")).toThrow(RangeError);
  });

  it.each(PAIRS.flatMap((pair) => (["light", "dark"] as const).map((scheme) => ({ ...pair, scheme }))))(
    "of $text on $ground, $scheme, is at least $atLeast",
    ({ text, ground, scheme, atLeast }) => {
      expect(contrastRatio(tokenValue(scheme, text), tokenValue(scheme, ground))).toBeGreaterThanOrEqual(
        atLeast,
      );
    },
  );
});

describe("the design page", () => {
  it("shows every size of the scale in that size", () => {
    const css = readFileSync(new URL("./styles/pages.css", import.meta.url).pathname, "utf8");
    // The body's own size needs no rule.
    for (const name of tokenNames("size-").filter((size) => size !== "size-body"))
      expect(css).toMatch(new RegExp(`\\.token-${name} \\{\\s*font-size: var\\(--${name}\\)`));
  });
});
