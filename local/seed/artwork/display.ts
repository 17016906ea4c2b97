/** Draws what a display shows: a night sky with light in the product's colour, the time, and a dock. */
import { circle, gradient, roundedBox, shade } from "./paint.ts";
import type { Box } from "./paint.ts";

/** Places of the stars, as shares of the display's width and height, and their size. */
const STARS = [
  [0.14, 0.1, 1.5],
  [0.3, 0.31, 1.1],
  [0.46, 0.07, 1.2],
  [0.63, 0.33, 1.6],
  [0.82, 0.12, 1.2],
  [0.88, 0.28, 1.5],
  [0.12, 0.36, 1.2],
  [0.76, 0.4, 1],
] as const;

/** The display. `screenId` names its clip: unique within a drawing. */
export function display(box: Box, screenId: string): string {
  const middle = box.x + box.width / 2;
  const veil = (y: number, fill: string, opacity: number) => {
    const right = box.x + box.width;
    const [low, high] = [box.y + box.height * y, box.y + box.height * (y - 0.13)];
    return `<path d="M ${at(box.x)} ${at(low)} C ${at(box.x + box.width * 0.3)} ${at(high - 60)}, ${at(box.x + box.width * 0.55)} ${at(low + 70)}, ${at(right)} ${at(high)} L ${at(right)} ${at(box.y + box.height)} L ${at(box.x)} ${at(box.y + box.height)} Z" fill="${fill}" opacity="${String(opacity)}"/>`;
  };
  const stars = STARS.map(([x, y, size]) =>
    circle(
      box.x + box.width * x,
      box.y + box.height * y,
      (size * box.width) / 260,
      "#ffffff",
      'opacity="0.6"',
    ),
  );
  return [
    roundedBox(box, "url(#screen)"),
    `<clipPath id="${screenId}-clip">${roundedBox(box, "#000")}</clipPath>`,
    `<g clip-path="url(#${screenId}-clip)">${stars.join("")}${veil(0.55, "url(#veil)", 0.75)}${veil(0.72, "url(#veil)", 0.6)}${veil(0.88, "#0b0e14", 0.35)}</g>`,
    time(middle, box.y + box.height * 0.185, box.width * 0.19),
    roundedBox(
      {
        x: middle - box.width * 0.17,
        y: box.y + box.height - box.width * 0.065,
        width: box.width * 0.34,
        height: box.width * 0.02,
        radius: box.width * 0.01,
      },
      "#ffffff",
      'opacity="0.7"',
    ),
  ].join("");
}

/** Eight past ten, in strokes: letters would look different wherever another font is found. `height` is that of a digit. */
function time(x: number, y: number, height: number): string {
  const [half, narrow] = [height / 2, height * 0.29];
  const oval = (left: number, top: number, rx: number, ry: number) =>
    `<ellipse cx="${at(left)}" cy="${at(top)}" rx="${at(rx)}" ry="${at(ry)}"/>`;
  const zero = (left: number) =>
    `<rect x="${at(left - narrow)}" y="${at(y - half)}" width="${at(narrow * 2)}" height="${at(height)}" rx="${at(narrow)}"/>`;
  const pitch = height * 0.84;
  const one = x - pitch * 1.5;
  const eight = x + pitch * 1.52;
  const dot = (top: number) => circle(x, top, height * 0.052, "#ffffff", 'stroke="none"');
  return [
    `<g fill="none" stroke="#ffffff" stroke-width="${at(height * 0.075)}" stroke-linecap="round" stroke-linejoin="round" opacity="0.95">`,
    `<path d="M ${at(one - height * 0.16)} ${at(y - half * 0.66)} L ${at(one + height * 0.06)} ${at(y - half)} L ${at(one + height * 0.06)} ${at(y + half)}"/>`,
    zero(x - pitch * 0.72),
    dot(y - half * 0.38),
    dot(y + half * 0.38),
    zero(x + pitch * 0.62),
    oval(eight, y - half * 0.53, narrow * 0.88, half * 0.47),
    oval(eight, y + half * 0.47, narrow, half * 0.53),
    "</g>",
  ].join("");
}

/** Gradients of `display`: `#screen` and `#veil`. */
export function displayGradients(color: string): string {
  return [
    gradient(
      "screen",
      [
        [0, shade(color, -0.78)],
        [0.55, shade(color, -0.48)],
        [1, shade(color, -0.8)],
      ],
      [0, 0, 0.3, 1],
    ),
    gradient("veil", [
      [0, shade(color, 0.35), 0.9],
      [0.5, "#6fd3c4", 0.55],
      [1, "#7c6be0", 0.7],
    ]),
  ].join("");
}

/** A coordinate with at most two decimals. */
function at(value: number): string {
  return String(Math.round(value * 100) / 100);
}
