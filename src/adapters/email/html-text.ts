/** HTML from text, for e-mails: everything that is not our own markup is escaped. */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text that is safe between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Markup of our own; made by `html` alone, so that escaping cannot be forgotten. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | readonly Markup[];

/** A template whose substituted values are escaped unless they are markup themselves. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const rendered = strings.map((literal, index) => {
    const part = parts[index];
    return part === undefined ? literal : literal + render(part);
  });
  return new Markup(rendered.join(""));
}

function render(part: Part): string {
  if (typeof part === "string") return escapeHtml(part);
  if (typeof part === "number") return String(part);
  if (part instanceof Markup) return part.text;
  return part.map((markup) => markup.text).join("");
}
