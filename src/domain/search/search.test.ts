import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { correctedText } from "./correction.ts";
import { editDistance } from "./edit-distance.ts";
import { byCount, bySize } from "./facet-order.ts";
import { highlight } from "./highlight.ts";
import { understand } from "./understand.ts";
import { isWordless, MAX_QUERY_WORDS, singular, wordsOf } from "./words.ts";

const joined = (parts: readonly { text: string; match: boolean }[]) =>
  parts.map(({ text, match }) => (match ? `[${text}]` : text)).join("");

describe("the words of a text", () => {
  it.each([
    ["256GB", ["256", "gb"]],
    ["256 gb", ["256", "gb"]],
    ["USB-C", ["usb", "c"]],
    ["Crème Brûlée", ["creme", "brulee"]],
    ["  ", []],
    ["🦊!", []],
    ["Телефон «Аврора» 2", ["телефон", "аврора", "2"]],
    ["ΧΡΏΜΑΤΟΣ", ["χρωματοσ"]],
    ["iPhone手机壳 256GB", ["iphone", "手机壳", "256", "gb"]],
    ["ｶﾞﾗｽ", ["ガラス"]],
    ["핸드폰 케이스", ["핸드폰", "케이스"]],
    ["هاتِف ٢٥٦", ["هاتف", "256"]],
    ["क्या फ़ोन", ["कया", "फोन"]],
    ["Straße Smørrebrød Łódź", ["strasse", "smorrebrod", "lodz"]],
    ["%_", []],
  ])("of %j are %j", (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it.each([
    ["phones", "phone"],
    ["cases", "case"],
    ["watches", "watch"],
    ["batteries", "battery"],
    ["glass", "glass"],
    ["bus", "bus"],
  ])("%s is one %s", (plural, one) => {
    expect(singular(plural)).toBe(one);
  });
});

describe("a query without a word", () => {
  it.each([
    ["", false],
    ["  ", false],
    ["%", true],
    ["_", true],
    ["🦊 !!", true],
    ["\u200b", true],
    ["手机", false],
    ["телефон", false],
    ["a", false],
  ])("%j: %s", (text, wordless) => {
    expect(isWordless(text)).toBe(wordless);
  });
});

describe("what a query means", () => {
  it("takes the last word for a category as one, and looks for the rest in it", () => {
    expect(understand("wireless charger")).toMatchObject({
      category: "chargers",
      categoryWords: ["charger"],
      words: [{ typed: "wireless" }],
      literally: { words: [{ typed: "wireless" }, { typed: "charger" }] },
    });
    expect(understand("aurora phone cover")).toMatchObject({
      category: "cases",
      words: [{ typed: "aurora" }],
    });
    expect(understand("promax")).toMatchObject({ category: null, words: [{ others: ["pro"] }] });
  });

  it("knows units by their other names, and words written as one", () => {
    expect(understand("256 gig").words[1]).toMatchObject({ typed: "gig", others: ["gb"] });
    expect(understand("power bank").pairs).toEqual([{ at: 0, words: ["powerbank", "bank"] }]);
  });

  it("takes only the last word for the beginning of one", () => {
    expect(understand("aurora p").words.map(({ isOpen }) => isOpen)).toEqual([false, true]);
  });

  it("looks at a bounded number of words", () => {
    expect(understand("a ".repeat(100)).literally.words).toHaveLength(MAX_QUERY_WORDS);
  });
});

describe("the distance between words", () => {
  it.each([
    ["charger", "chrager", 1],
    ["watch", "wach", 1],
    ["headphones", "headfones", 2],
    ["same", "same", 0],
    ["phone", "tablet", 3],
  ])("from %s to %s is %i, two being the most", (one, other, distance) => {
    expect(editDistance(one, other, 2)).toBe(distance);
    expect(editDistance(other, one, 2)).toBe(distance);
  });
});

describe("highlighting", () => {
  it.each([
    ["Lumaro Aurora Pro", { whole: ["aurora"], beginnings: ["p"] }, "Lumaro [Aurora] [P]ro"],
    ["Volt 45 Charger", { whole: ["chargers", "45"], beginnings: [] }, "Volt [45] [Charger]"],
    ["Braid Cable USB-C", { whole: ["usb", "c"], beginnings: [] }, "Braid Cable [USB]-[C]"],
    ["Nothing", { whole: [], beginnings: [] }, "Nothing"],
    ["Телефон Аврора", { whole: ["аврора"], beginnings: ["тел"] }, "[Тел]ефон [Аврора]"],
    ["Aurora极光手机壳", { whole: ["aurora", "手机"], beginnings: [] }, "[Aurora]极光[手机]壳"],
  ])("of %s with %j is %s", (name, matched, marked) => {
    expect(joined(highlight(name, matched))).toBe(marked);
  });

  it("never changes the name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.array(fc.string()), (name, words) => {
        const parts = highlight(name, { whole: words, beginnings: words.filter((word) => word !== "") });
        expect(parts.map(({ text }) => text).join("")).toBe(name);
      }),
    );
  });
});

describe("facets and corrections", () => {
  it("put the most frequent first, and storage from small to large", () => {
    const value = (label: string, count: number) => ({ value: label, label, count });
    expect(byCount([value("b", 1), value("a", 1), value("c", 2)]).map(({ label }) => label)).toEqual([
      "c",
      "a",
      "b",
    ]);
    expect(
      bySize([value("1 TB", 9), value("128 GB", 1), value("512 GB", 5)]).map(({ label }) => label),
    ).toEqual(["128 GB", "512 GB", "1 TB"]);
  });

  it("spell the query anew with what each word was taken for", () => {
    expect(correctedText("Wireles chrager!", [{ typed: "chrager", taken: "charger" }])).toBe(
      "wireles charger",
    );
    expect(correctedText("charger", [])).toBeNull();
  });
});
