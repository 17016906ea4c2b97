/** The gallery's front page: every page in a row, every width and scheme in a column. */
import { lookName, type Look } from "../browser/looks.ts";

export interface Photograph {
  readonly page: string;
  readonly look: Look;
  /** Its file, below the gallery's folder; or why there is none. */
  readonly result: { readonly file: string } | { readonly problem: string };
}

/** How wide a picture is shown on the sheet, as a share of what it is. */
const SHOWN_SHARE = 0.25;

export function contactSheet(photographs: readonly Photograph[], looks: readonly Look[], at: Date): string {
  const pages = [...new Set(photographs.map(({ page }) => page))];
  const cell = (page: string, look: Look): string => {
    const found = photographs.find((each) => each.page === page && each.look === look);
    if (found === undefined) return "<td></td>";
    if ("problem" in found.result) return `<td class="problem">${escapeHtml(found.result.problem)}</td>`;
    const { file } = found.result;
    const width = Math.round(look.width * SHOWN_SHARE);
    return `<td><a href="${file}"><img src="${file}" width="${String(width)}" loading="lazy" alt="${page}, ${lookName(look)}"></a></td>`;
  };
  const row = (page: string): string =>
    `<tr id="${page}"><th scope="row"><a href="#${page}">${page}</a></th>${looks.map((look) => cell(page, look)).join("")}</tr>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Gallery</title>
<style>
  body { font: 14px/1.4 system-ui, sans-serif; margin: 24px; background: #808080; color: #fff }
  a { color: inherit }
  th { text-align: left; vertical-align: top; padding: 8px; position: sticky; left: 0; background: #606060 }
  thead th { position: sticky; top: 0; z-index: 1 }
  td { vertical-align: top; padding: 8px }
  td.problem { max-width: 200px; color: #ffd9d0 }
  img { display: block }
</style>
<h1>Every page, ${at.toISOString().slice(0, 16).replace("T", " ")} UTC</h1>
<table>
<thead><tr><th></th>${looks.map((look) => `<th scope="col">${lookName(look)}</th>`).join("")}</tr></thead>
<tbody>
${pages.map(row).join("\n")}
</tbody>
</table>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
