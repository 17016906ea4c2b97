import { describe, expect, it } from "vitest";
import { keptMarkup } from "./kept-markup.ts";

/** Stands for an element: what counts is how often it is drawn. */
function drawing(text: string) {
  const drawn = { count: 0 };
  const draw = () => {
    drawn.count += 1;
    return text as unknown as ReturnType<Parameters<typeof keptMarkup>[2]>;
  };
  return { drawn, draw };
}

describe("kept markup", () => {
  it("is drawn once for each source and variant, and not escaped again", () => {
    const source = {};
    const { drawn, draw } = drawing("<b>1</b>");
    expect(String(keptMarkup(source, "a", draw))).toBe("<b>1</b>");
    expect(keptMarkup(source, "a", draw)).toHaveProperty("isEscaped", true);
    expect(drawn.count).toBe(1);
    keptMarkup(source, "b", draw);
    keptMarkup({}, "a", draw);
    expect(drawn.count).toBe(3);
  });

  it("stays bounded: what is drawn in ever new ways is drawn anew, and right", () => {
    const source = {};
    for (let index = 0; index < 100; index += 1)
      expect(String(keptMarkup(source, `v${index}`, drawing(`<i>${index}</i>`).draw))).toBe(
        `<i>${index}</i>`,
      );
    const { drawn, draw } = drawing("late");
    keptMarkup(source, "v99", draw);
    keptMarkup(source, "v99", draw);
    expect(drawn.count).toBe(2);
  });
});
