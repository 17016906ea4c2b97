import { describe, expect, it } from "vitest";
import { isAtPrices, isOfItems, readAgreement, writeAgreement, type AgreedLine } from "./agreement.ts";

const line = (sku: string, quantity = 1, unitAmountMinor = 100): AgreedLine => ({
  sku,
  quantity,
  unitAmountMinor,
  currency: "USD",
});
const TWO = [line("CASE-BLUE"), line("CABLE-1M", 3, 1_900)];

describe("an agreement", () => {
  it("comes back from a form as it was written", () => {
    expect(writeAgreement(TWO)).toBe("CASE-BLUE*1@100USD CABLE-1M*3@1900USD");
    expect(readAgreement(writeAgreement(TWO))).toEqual(TWO);
  });

  it.each([
    "",
    " ",
    "CASE-BLUE",
    "CASE-BLUE*1@100",
    "CASE-BLUE*99@100USD",
    "CASE-BLUE*1@-1USD",
    "case*1@100USD",
    "CASE-BLUE*1@100USD,CABLE-1M*1@100USD",
    Array.from({ length: 11 }, (_, n) => `SKU-${String(n)}*1@1USD`).join(" "),
  ])("is none where the form says %j", (text) => {
    expect(readAgreement(text)).toBeNull();
  });

  it("is about the items, whatever they sum up to and however they are ordered", () => {
    expect(isOfItems(TWO, [...TWO].reverse())).toBe(true);
    expect(isOfItems(TWO, [line("CASE-BLUE"), line("CABLE-1M", 3, 5)])).toBe(true);
    expect(isOfItems(TWO, [line("CASE-RED"), line("CABLE-1M", 3, 1_900)])).toBe(false);
    expect(isOfItems(TWO, [line("CASE-BLUE"), line("CABLE-1M", 2, 1_900)])).toBe(false);
    expect(isOfItems(TWO, [line("CASE-BLUE")])).toBe(false);
    expect(isOfItems(TWO, [{ ...line("CASE-BLUE"), currency: "EUR" }, line("CABLE-1M", 3, 1_900)])).toBe(
      false,
    );
  });

  it("is about what each item costs: one dearer and one cheaper are two other prices", () => {
    expect(isAtPrices(TWO, TWO)).toBe(true);
    expect(isAtPrices(TWO, [line("CASE-BLUE", 1, 400), line("CABLE-1M", 3, 1_800)])).toBe(false);
  });
});
