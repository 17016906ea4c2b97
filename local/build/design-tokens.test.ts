import { describe, expect, it } from "vitest";
import { readDesignTokens } from "./design-tokens.ts";

const DARK = "@media (prefers-color-scheme: dark) { :root { --page: #000000; } }";

describe("design tokens", () => {
  it("are read with their values in both schemes, comments and line breaks aside", () => {
    const css = `:root { /* --old: 1px; */ --page: #ffffff; --font:\n  system-ui,\n  sans-serif; } ${DARK}`;
    expect(readDesignTokens(css)).toEqual({
      light: { page: "#ffffff", font: "system-ui, sans-serif" },
      dark: { page: "#000000" },
    });
  });

  it("are not taken from a sheet without a dark scheme, or whose dark scheme has names of its own", () => {
    expect(() => readDesignTokens(":root { --page: #ffffff; }")).toThrow("one dark scheme");
    expect(() => readDesignTokens(`:root { --ink: #ffffff; } ${DARK}`)).toThrow(
      "only the dark scheme names page",
    );
  });
});
