/** Glob patterns of KEYS and SCAN. Matching takes at most pattern × text steps, whatever the pattern. */
import type { BinaryString } from "../reply.ts";

type Token = "any-run" | ((unit: string) => boolean);

/** The pattern (`*`, `?`, `[a-z]`, `[^a]`, `\\x`) as a test on binary strings. */
export function globTest(pattern: BinaryString): (text: BinaryString) => boolean {
  const tokens = tokenise(pattern);
  return (text) => matches(tokens, text);
}

function matches(tokens: readonly Token[], text: string): boolean {
  let token = 0;
  let position = 0;
  // Where to go on when a comparison fails: the latest run of anything takes one unit more.
  let runToken = -1;
  let runPosition = 0;
  while (position < text.length) {
    const current = tokens[token];
    if (current === "any-run") {
      runToken = token;
      runPosition = position;
      token += 1;
    } else if (current?.(text.charAt(position)) === true) {
      token += 1;
      position += 1;
    } else if (runToken >= 0) {
      runPosition += 1;
      position = runPosition;
      token = runToken + 1;
    } else return false;
  }
  return tokens.slice(token).every((rest) => rest === "any-run");
}

function tokenise(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let index = 0; index < pattern.length; index += 1) {
    const unit = pattern.charAt(index);
    if (unit === "*") {
      if (tokens.at(-1) !== "any-run") tokens.push("any-run");
    } else if (unit === "?") tokens.push(() => true);
    else if (unit === "[") {
      const end = classEnd(pattern, index);
      tokens.push(classTest(pattern.slice(index + 1, end)));
      index = end;
    } else {
      if (unit === "\\" && index + 1 < pattern.length) index += 1;
      const literal = pattern.charAt(index);
      tokens.push((candidate) => candidate === literal);
    }
  }
  return tokens;
}

function classEnd(pattern: string, open: number): number {
  for (let index = open + 1; index < pattern.length; index += 1) {
    if (pattern.charAt(index) === "\\") index += 1;
    else if (pattern.charAt(index) === "]") return index;
  }
  return pattern.length;
}

function classTest(body: string): (unit: string) => boolean {
  const negated = body.startsWith("^");
  const ranges: (readonly [string, string])[] = [];
  for (let index = negated ? 1 : 0; index < body.length; index += 1) {
    if (body.charAt(index) === "\\" && index + 1 < body.length) index += 1;
    const first = body.charAt(index);
    if (body.charAt(index + 1) === "-" && index + 2 < body.length) {
      const last = body.charAt(index + 2);
      ranges.push(first <= last ? [first, last] : [last, first]);
      index += 2;
    } else ranges.push([first, first]);
  }
  return (unit) => ranges.some(([first, last]) => unit >= first && unit <= last) !== negated;
}
