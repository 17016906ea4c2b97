/** What free text may hold. */
import { describe, expect, test } from "vitest";
import { freeText, singleLine } from "./text.ts";

const line = singleLine({ max: 10 });

describe("a line of text", () => {
  test.each(["Ada", "Ána 😀", "O'Brien", "x".repeat(10), "\tAda\n"])("may be %j", (text) => {
    expect(line.parse(text)).toBe(text.trim());
  });

  test.each([
    ["what Postgres cannot store", "A\0da"],
    ["half a character", "\ud83dAda"],
    ["another line", "Ada\nBcc: eve"],
    ["an escape sequence", "\u001b[31m"],
    ["nothing but space", " \t"],
    ["nothing that can be seen", "\u200b\u3164"],
    ["a separator of lines", "Ada\u2028Eve"],
    ["more than its bound", "x".repeat(11)],
  ])("may not hold %s", (_, text) => {
    expect(line.safeParse(text).success).toBe(false);
  });
});

test("a line is kept without what overrides its direction of writing, or nobody sees", () => {
  expect(line.parse("\u202eAda\u200b\u202c ")).toBe("Ada");
  expect(singleLine({ min: 0, max: 10 }).parse("\u3164")).toBe("");
});

test("free text may have several lines, but nothing that Postgres cannot store", () => {
  const text = freeText({ max: 20 });
  expect(text.parse("counted twice\nby Ada")).toBe("counted twice\nby Ada");
  expect(text.safeParse("counted\0twice").success).toBe(false);
  expect(text.safeParse("\udc00").success).toBe(false);
  expect(text.safeParse("\u200b").success).toBe(false);
});
