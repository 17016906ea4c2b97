/** The few colours that stand in for pictures until they have loaded, as classes: the content policy forbids styles on elements. */
import type { Color } from "./encode.ts";

/** Colours no channel of which differs by more share a class: on a plain ground nobody sees it. */
const SAME_TONE = 7;

export interface Tones {
  readonly colors: readonly Color[];
  /** For each of the given colours, its place in `colors`. */
  readonly toneOf: readonly number[];
}

export function gatherTones(grounds: readonly Color[]): Tones {
  const colors: Color[] = [];
  const toneOf = grounds.map((ground) => {
    const found = colors.findIndex((color) =>
      color.every((value, i) => Math.abs(value - (ground[i] ?? 0)) <= SAME_TONE),
    );
    if (found !== -1) return found;
    return colors.push(ground) - 1;
  });
  return { colors, toneOf };
}

export function toneStyles(colors: readonly Color[]): string {
  const rules = colors.map((color, index) => {
    const hex = color.map((value) => value.toString(16).padStart(2, "0")).join("");
    return `.tone-${String(index)} {\n  --tone: #${hex};\n}\n`;
  });
  return `/* Written by \`npm run images\`: the colour of each picture's ground. */\n${rules.join("\n")}`;
}
