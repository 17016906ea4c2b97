import { describe, expect, it } from "vitest";
import { isOneLine, readableText } from "./plain-text.ts";

const NAMES = [
  "Ada Lovelace",
  "Ána 😀",
  "O’Brien-Smith Jr.",
  "Đặng Thị Thu Hà",
  "Nguye\u0302\u0303n",
  "Ærø Åse",
  "Владимир",
  "Ἀλέξανδρος",
  "עֲדָה לוֹבְלֵייס",
  "محمد بن سلمان",
  "علی\u200cرضا",
  "क्\u200dष",
  "ශ්\u200dරී ලංකා",
  "தமிழ்",
  "สมชาย",
  "មករា",
  "မောင်",
  "አበበ",
  "თამარ",
  "Արամ",
  "김철수",
  "山田太郎",
  "葛\u{e0100}城",
  "𠮷野家",
  "ᠪᠢᠴᠢᠭ᠌",
  "ᏣᎳᎩ",
  "👩\u200d👩\u200d👧",
  "X",
  "3",
  "#7",
];

describe("readable text", () => {
  it.each(NAMES)("keeps %s", (name) => {
    expect(readableText(`  ${name}\t`)).toBe(name);
    expect(isOneLine(name)).toBe(true);
  });

  it.each([
    ["zero-width spaces", "\u200b\u200b"],
    ["a Hangul filler", "\u3164"],
    ["other fillers", "\u115f\u1160\uffa0"],
    ["joiners and marks of direction", "\u200d\u200e\u200f\u061c"],
    ["a soft hyphen", "\u00ad"],
    ["the blank Braille cell", "\u2800"],
    ["a byte order mark", "\ufeff"],
    ["variation selectors and tags", "\ufe0f\u{e0100}\u{e0041}"],
    ["overrides of direction", "\u202e\u202c"],
    ["a combining accent alone", "\u0301"],
    ["every kind of space", " \u00a0\u2003\u3000"],
  ])("is nothing where there is only %s", (_, text) => {
    expect(readableText(text)).toBe("");
  });

  it("leaves out what overrides or embeds a direction of writing, and zero-width spaces", () => {
    expect(readableText("Ada\u202e evolL\u202c")).toBe("Ada evolL");
    expect(readableText("\u2066Ada\u2069 \u202aL\u202c")).toBe("Ada L");
    expect(readableText("A\u200bda\ufeff")).toBe("Ada");
  });

  it.each(["a\nb", "a\u2028b", "a\u2029b", "a\u0085b", "a\0b", "\ud800b", "\u001b[31m"])(
    "is no one line as %j",
    (text) => {
      expect(isOneLine(readableText(text))).toBe(false);
    },
  );
});
