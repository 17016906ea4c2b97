/** Reads the design tokens out of their style sheet, so that the page that shows them shows what is true. */

export interface DesignTokens {
  /** Name without dashes → value as written; for the light scheme, and everything that is the same in both. */
  readonly light: Readonly<Record<string, string>>;
  /** What the dark scheme says otherwise. */
  readonly dark: Readonly<Record<string, string>>;
}

const DARK_BEGINS = "@media (prefers-color-scheme: dark)";

/**
 * @param css the text of web/styles/tokens.css
 * @throws Error where it has no dark scheme, or one that names what the light one does not
 */
export function readDesignTokens(css: string): DesignTokens {
  const [lightPart = "", darkPart, ...more] = css.replace(/\/\*[\s\S]*?\*\//g, "").split(DARK_BEGINS);
  if (darkPart === undefined || more.length > 0) throw new Error("the tokens have one dark scheme");
  const light = declarations(lightPart);
  const dark = declarations(darkPart);
  const unknown = Object.keys(dark).filter((name) => !(name in light));
  if (unknown.length > 0) throw new Error(`only the dark scheme names ${unknown.join(", ")}`);
  return { light, dark };
}

function declarations(css: string): Record<string, string> {
  const found = [...css.matchAll(/--([\w-]+):\s*([^;]+);/g)];
  return Object.fromEntries(
    found.map(([, name = "", value = ""]) => [name, value.replace(/\s+/g, " ").trim()]),
  );
}
