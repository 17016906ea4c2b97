/** Draws a phone from behind and in front of it a second one that shows its display. */
import {
  bodyGradients,
  circle,
  gradient,
  group,
  groundShadow,
  inset,
  page,
  roundedBox,
  shade,
} from "./paint.ts";
import type { Box } from "./paint.ts";

export interface PhoneShape {
  width: number;
  height: number;
  /** Number of cameras on the back; three stand in a bump that spans the back. */
  cameras: 2 | 3;
}

/** One camera: ring, glass, and two reflections. */
export function lens(x: number, y: number, radius: number, color: string): string {
  return [
    circle(x, y, radius, shade(color, -0.35)),
    circle(x, y, radius * 0.9, shade(color, 0.25)),
    circle(x, y, radius * 0.82, "#0b0e14"),
    circle(x, y, radius * 0.56, "#18202e"),
    circle(x, y, radius * 0.34, "#0a0c12"),
    circle(x, y, radius * 0.3, "#3b5f9a", 'opacity="0.5"'),
    circle(x - radius * 0.28, y - radius * 0.3, radius * 0.14, "#ffffff", 'opacity="0.75"'),
    circle(x + radius * 0.26, y + radius * 0.3, radius * 0.08, "#a9c8ff", 'opacity="0.5"'),
  ].join("");
}

/** The plate the cameras stand on, with them, at the top left of a back. */
export function cameraBump(back: Box, cameras: 2 | 3, color: string): string {
  const radius = back.width * (cameras === 3 ? 0.125 : 0.115);
  const left = back.x + back.width * 0.07;
  const top = back.y + back.width * 0.07;
  const plate: Box =
    cameras === 3
      ? { x: left, y: top, width: back.width * 0.62, height: back.width * 0.62, radius: back.width * 0.16 }
      : { x: left, y: top, width: back.width * 0.33, height: back.width * 0.6, radius: back.width * 0.165 };
  const places: [number, number][] =
    cameras === 3
      ? [
          [0.28, 0.28],
          [0.28, 0.72],
          [0.72, 0.5],
        ]
      : [
          [0.5, 0.275],
          [0.5, 0.725],
        ];
  const lenses = places.map(([x, y]) =>
    lens(plate.x + plate.width * x, plate.y + plate.height * y, radius, color),
  );
  const flash =
    cameras === 3
      ? [plate.x + plate.width * 0.74, plate.y + plate.height * 0.19]
      : [left + back.width * 0.43, top + back.width * 0.12];
  return [
    roundedBox({ ...plate, y: plate.y + 5 }, "#0b0e14", 'opacity="0.25"'),
    roundedBox(plate, "url(#edge)"),
    roundedBox(inset(plate, 4), shade(color, 0.1)),
    ...lenses,
    circle(
      flash[0] ?? 0,
      flash[1] ?? 0,
      back.width * 0.032,
      "#fff4d6",
      `stroke="${shade(color, -0.3)}" stroke-width="2"`,
    ),
  ].join("");
}

function back(box: Box, shape: PhoneShape, color: string): string {
  const middle = box.x + box.width / 2;
  const mark = box.y + box.height * 0.56;
  return [
    roundedBox(box, "url(#edge)"),
    roundedBox(inset(box, 7), "url(#body)"),
    roundedBox(inset(box, 7), "url(#sheen)"),
    cameraBump(box, shape.cameras, color),
    aurora(middle, mark, box.width * 0.085, shade(color, 0.45)),
  ].join("");
}

/** The maker's mark: an arc of light over a horizon. */
function aurora(x: number, y: number, size: number, color: string): string {
  const arc = (radius: number) =>
    `<path d="M ${String(x - radius)} ${String(y)} A ${String(radius)} ${String(radius)} 0 0 1 ${String(x + radius)} ${String(y)}" fill="none" stroke="${color}" stroke-width="${String(size * 0.2)}" stroke-linecap="round" opacity="0.75"/>`;
  return arc(size) + arc(size * 0.52);
}

/** The display: a night sky with light in the product's colour, the time, and a dock. */
export function display(box: Box, screenId: string): string {
  const middle = box.x + box.width / 2;
  const veil = (y: number, fill: string, opacity: number) => {
    const right = box.x + box.width;
    const [low, high] = [box.y + box.height * y, box.y + box.height * (y - 0.13)];
    return `<path d="M ${String(box.x)} ${String(low)} C ${String(box.x + box.width * 0.3)} ${String(high - 60)}, ${String(box.x + box.width * 0.55)} ${String(low + 70)}, ${String(right)} ${String(high)} L ${String(right)} ${String(box.y + box.height)} L ${String(box.x)} ${String(box.y + box.height)} Z" fill="${fill}" opacity="${String(opacity)}"/>`;
  };
  return [
    roundedBox(box, `url(#${screenId})`),
    `<clipPath id="${screenId}-clip">${roundedBox(box, "#000")}</clipPath>`,
    `<g clip-path="url(#${screenId}-clip)">${veil(0.55, "url(#veil)", 0.75)}${veil(0.72, "url(#veil)", 0.6)}${veil(0.88, "#0b0e14", 0.35)}</g>`,
    `<text x="${String(middle)}" y="${String(box.y + box.height * 0.22)}" font-family="Helvetica Neue, Helvetica, Arial, sans-serif" font-size="${String(box.width * 0.27)}" font-weight="300" fill="#ffffff" text-anchor="middle" opacity="0.95">9:41</text>`,
    roundedBox(
      {
        x: middle - box.width * 0.17,
        y: box.y + box.height - 20,
        width: box.width * 0.34,
        height: 6,
        radius: 3,
      },
      "#ffffff",
      'opacity="0.7"',
    ),
  ].join("");
}

/** Gradients of `display`: `#screen` and `#veil`. */
export function displayGradients(color: string): string {
  return [
    gradient(
      "screen",
      [
        [0, shade(color, -0.72)],
        [0.55, shade(color, -0.45)],
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

function front(box: Box): string {
  const middle = box.x + box.width / 2;
  return [
    roundedBox(box, "url(#edge)"),
    roundedBox(inset(box, 6), "#0a0b0f"),
    display(inset(box, 16), "screen"),
    roundedBox({ x: middle - 30, y: box.y + 30, width: 60, height: 18, radius: 9 }, "#050608"),
    circle(middle + 18, box.y + 39, 4.5, "#1d2b45"),
  ].join("");
}

export function drawPhone(color: string, shape: PhoneShape): string {
  const box = (x: number): Box => ({
    x: x - shape.width / 2,
    y: 480 - shape.height / 2,
    width: shape.width,
    height: shape.height,
    radius: shape.width * 0.16,
  });
  const ground = 480 + shape.height / 2 + 34;
  const definitions = bodyGradients(color) + displayGradients(color);
  return page(
    color,
    definitions,
    [
      groundShadow(480, ground, shape.width * 0.95),
      group("rotate(-7 380 480)", back(box(365), shape, color)),
      group(
        "rotate(6 600 480)",
        roundedBox({ ...box(607), x: box(607).x - 12 }, "#10141c", 'opacity="0.28" filter="url(#soft)"'),
        front(box(607)),
      ),
    ].join(""),
  );
}
