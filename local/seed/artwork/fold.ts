/** Draws a phone that folds: half open like a notebook, with one picture across its inner display. */
import { bodyGradients, circle, gradient, groundShadow, page, shade } from "./paint.ts";
import { displayGradients } from "./display.ts";

type Corner = readonly [number, number];

function sheet(corners: readonly Corner[], fill: string, rest = ""): string {
  const path = corners.map(([x, y]) => `${String(x)},${String(y)}`).join(" ");
  return `<polygon points="${path}" fill="${fill}" stroke-linejoin="round"${rest === "" ? "" : ` ${rest}`}/>`;
}

/** The corners drawn towards their middle, by a share of the distance. */
function shrunk(corners: readonly Corner[], share: number): Corner[] {
  const middle = [0, 1].map(
    (axis) => corners.reduce((sum, corner) => sum + (corner[axis] ?? 0), 0) / corners.length,
  );
  return corners.map(([x, y]) => [x + ((middle[0] ?? 0) - x) * share, y + ((middle[1] ?? 0) - y) * share]);
}

export function drawFold(color: string): string {
  const left: Corner[] = [
    [138, 184],
    [480, 236],
    [480, 724],
    [138, 784],
  ];
  const right: Corner[] = [
    [480, 236],
    [822, 184],
    [822, 784],
    [480, 724],
  ];
  const frame = (corners: Corner[]) => sheet(corners, "url(#edge)", 'stroke="url(#edge)" stroke-width="34"');
  const glass = (corners: Corner[], fill: string, rest = "") =>
    sheet(shrunk(corners, 0.035), fill, `stroke="${fill}" stroke-width="22"${rest}`);
  const definitions = [
    bodyGradients(color),
    displayGradients(color),
    gradient(
      "leaf-left",
      [
        [0, shade(color, -0.2)],
        [0.5, "#3a4a86"],
        [1, "#131a33"],
      ],
      [0, 0, 1, 0.6],
    ),
    gradient(
      "leaf-right",
      [
        [0, "#131a33"],
        [0.45, "#5b4a8f"],
        [1, "#e2a17e"],
      ],
      [0, 0.4, 1, 0],
    ),
    gradient(
      "crease",
      [
        [0, "#000000", 0],
        [0.5, "#000000", 0.5],
        [1, "#000000", 0],
      ],
      [0, 0, 1, 0],
    ),
    `<clipPath id="leaves">${sheet(shrunk(left, 0.02), "#000")}${sheet(shrunk(right, 0.02), "#000")}</clipPath>`,
  ].join("");
  const wave = (y: number, fill: string, opacity: number) =>
    `<path d="M 120 ${String(y)} C 300 ${String(y - 130)}, 420 ${String(y + 90)}, 520 ${String(y - 10)} S 720 ${String(y - 150)}, 850 ${String(y - 40)} L 850 860 L 120 860 Z" fill="${fill}" opacity="${String(opacity)}"/>`;
  return page(
    color,
    definitions,
    [
      groundShadow(480, 826, 360),
      frame(left),
      frame(right),
      glass(left, "#08090d"),
      glass(right, "#08090d"),
      sheet(shrunk(left, 0.05), "url(#leaf-left)", 'stroke="url(#leaf-left)" stroke-width="8"'),
      sheet(shrunk(right, 0.05), "url(#leaf-right)", 'stroke="url(#leaf-right)" stroke-width="8"'),
      `<g clip-path="url(#leaves)">${wave(520, "#6fd3c4", 0.35)}${wave(610, "#7c6be0", 0.45)}${wave(700, "#0d1226", 0.6)}${circle(690, 350, 58, "#ffe9c9", 'opacity="0.9"')}</g>`,
      `<rect x="440" y="222" width="80" height="516" fill="url(#crease)"/>`,
      `<rect x="477" y="222" width="6" height="516" rx="3" fill="${shade(color, 0.35)}" opacity="0.55"/>`,
      sheet(
        [
          [164, 204],
          [330, 234],
          [164, 560],
        ],
        "#ffffff",
        'opacity="0.08"',
      ),
    ].join(""),
  );
}
