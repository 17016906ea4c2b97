/** The tokens of the style sheet, and what is promised of them: which colours stand on which, and how legibly. */
import tokensFile from "../dist/design-tokens.json";

export type Scheme = "light" | "dark";

const tokens: Readonly<Record<Scheme, Readonly<Record<string, string>>>> = tokensFile;

/** A token's value in a scheme; empty where there is none of that name. */
export function tokenValue(scheme: Scheme, name: string): string {
  const { light, dark } = tokens;
  return (scheme === "dark" ? dark[name] : undefined) ?? light[name] ?? "";
}

/** Names of the tokens that begin so, in the order of the style sheet. */
export function tokenNames(prefix: string): string[] {
  return Object.keys(tokens.light).filter((name) => name.startsWith(prefix));
}

/** Names of the colours. */
export function colorNames(): string[] {
  return tokenNames("").filter((name) => tokenValue("light", name).startsWith("#"));
}

export interface Pair {
  readonly text: string;
  readonly ground: string;
  /** What WCAG 2.2 AA asks for: 4.5 for text, 3 for the edge of what is pressed or typed into. */
  readonly atLeast: 4.5 | 3;
}

const textOn = (ground: string, ...texts: readonly string[]): Pair[] =>
  texts.map((text) => ({ text, ground, atLeast: 4.5 }));

export const PAIRS: readonly Pair[] = [
  ...textOn("page", "text", "text-soft", "accent", "accent-strong", "warning", "danger"),
  ...textOn("surface", "text", "text-soft", "accent", "danger"),
  ...textOn("sunken", "text", "text-soft", "accent"),
  ...textOn("field", "text", "text-soft", "danger"),
  ...textOn("accent", "on-accent"),
  ...textOn("accent-strong", "on-accent"),
  ...textOn("accent-tint", "text", "text-soft", "accent"),
  ...textOn("warning-tint", "text", "warning"),
  ...textOn("danger-tint", "text", "danger"),
  ...textOn("deep", "on-deep", "on-deep-soft", "on-deep-accent"),
  ...textOn("deep-glow", "on-deep", "on-deep-soft"),
  ...textOn("on-deep-accent", "deep-ink"),
  { text: "line-strong", ground: "field", atLeast: 3 },
];
