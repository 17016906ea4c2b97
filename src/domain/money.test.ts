/** Prices as people read them. */
import { describe, expect, it } from "vitest";
import { formatMoney } from "./money.ts";

describe("money", () => {
  it.each([
    [{ amount: 119_900, currency: "USD" }, "$1,199.00"],
    [{ amount: 5, currency: "USD" }, "$0.05"],
    [{ amount: 1_199, currency: "JPY" }, "¥1,199"],
    [{ amount: 1_199, currency: "KWD" }, "KWD 1.199"],
  ])("%o reads %s", (money, text) => {
    expect(formatMoney(money).replaceAll("\u00a0", " ")).toBe(text);
  });

  it("knows how many digits a currency's minor unit has, and refuses what is no currency", () => {
    expect(formatMoney({ amount: 1234, currency: "USD" })).toBe("$12.34");
    expect(formatMoney({ amount: 1234, currency: "JPY" })).toBe("¥1,234");
    expect(formatMoney({ amount: 1234, currency: "KWD" })).toMatch(/1\.234$/);
    expect(() => formatMoney({ amount: 1, currency: "dollars" })).toThrow(RangeError);
  });
});
