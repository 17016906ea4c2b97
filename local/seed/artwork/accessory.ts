/** Draws cases, chargers, the power bank and the cable. */
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
import { lens } from "./phone.ts";

/** A case from behind; the cameras of the phone inside look through its window. */
export function drawCase(color: string, cameras: 2 | 3): string {
  const box: Box = { x: 296, y: 116, width: 368, height: 728, radius: 70 };
  const window: Box =
    cameras === 3
      ? { x: 326, y: 146, width: 238, height: 238, radius: 66 }
      : { x: 326, y: 146, width: 136, height: 232, radius: 66 };
  const places: [number, number][] =
    cameras === 3
      ? [
          [392, 212],
          [392, 318],
          [498, 265],
        ]
      : [
          [394, 210],
          [394, 314],
        ];
  const phone = "#5a6069";
  return page(
    color,
    bodyGradients(color),
    [
      groundShadow(480, 872, 230),
      group(
        "rotate(5 480 480)",
        roundedBox({ x: 656, y: 300, width: 16, height: 92, radius: 8 }, shade(color, -0.3)),
        roundedBox({ x: 656, y: 420, width: 16, height: 60, radius: 8 }, shade(color, -0.3)),
        roundedBox(box, "url(#edge)"),
        roundedBox(inset(box, 10), "url(#body)"),
        roundedBox(inset(box, 10), "url(#sheen)"),
        roundedBox(inset(window, -9), shade(color, 0.22)),
        roundedBox(window, shade(color, -0.55)),
        roundedBox(inset(window, 8), phone),
        ...places.map(([x, y]) => lens(x, y, 45, phone)),
        circle(480, 560, 104, "none", `stroke="${shade(color, 0.3)}" stroke-width="5" opacity="0.5"`),
        roundedBox({ x: 477, y: 688, width: 6, height: 54, radius: 3 }, shade(color, 0.3), 'opacity="0.5"'),
      ),
    ].join(""),
  );
}

function socket(x: number, y: number): string {
  return (
    roundedBox({ x: x - 52, y: y - 20, width: 104, height: 40, radius: 20 }, "#2b2e34") +
    roundedBox({ x: x - 45, y: y - 13, width: 90, height: 26, radius: 13 }, "#0c0d10") +
    roundedBox({ x: x - 30, y: y - 4, width: 60, height: 8, radius: 4 }, "#7f868f")
  );
}

export function drawCharger(color: string): string {
  const box: Box = { x: 270, y: 250, width: 420, height: 480, radius: 84 };
  const pin = (x: number) => roundedBox({ x, y: 170, width: 34, height: 110, radius: 10 }, "url(#steel)");
  return page(
    color,
    bodyGradients(color) + steel(),
    [
      groundShadow(480, 764, 250),
      pin(392),
      pin(534),
      roundedBox(box, "url(#edge)"),
      roundedBox(inset(box, 6), "url(#body)"),
      roundedBox({ ...inset(box, 6), height: 220 }, "url(#sheen)"),
      roundedBox(
        { x: 320, y: 420, width: 320, height: 260, radius: 48 },
        shade(color, -0.08),
        'opacity="0.7"',
      ),
      socket(480, 500),
      socket(480, 600),
      `<path d="M 488 296 l -34 58 h 24 l -8 44 l 36 -60 h -24 z" fill="${shade(color, color === "#25272b" ? 0.6 : -0.4)}" opacity="0.8"/>`,
    ].join(""),
  );
}

export function drawStand(color: string): string {
  return page(
    color,
    bodyGradients(color) + steel(),
    [
      groundShadow(480, 812, 300),
      `<ellipse cx="480" cy="770" rx="270" ry="62" fill="${shade(color, -0.38)}"/>`,
      `<ellipse cx="480" cy="752" rx="270" ry="62" fill="url(#body)"/>`,
      `<path d="M 430 752 L 452 440 L 508 440 L 530 752 Z" fill="url(#steel)"/>`,
      `<ellipse cx="480" cy="752" rx="66" ry="14" fill="${shade(color, -0.3)}" opacity="0.6"/>`,
      circle(490, 366, 222, shade(color, -0.4)),
      circle(480, 360, 222, "url(#edge)"),
      circle(480, 360, 210, "url(#body)"),
      circle(
        480,
        360,
        150,
        "none",
        `stroke="${shade(color, color === "#25272b" ? 0.3 : -0.16)}" stroke-width="7"`,
      ),
      circle(480, 360, 210, "url(#sheen)"),
      `<path d="M 494 296 l -44 72 h 32 l -12 58 l 48 -78 h -34 z" fill="${shade(color, color === "#25272b" ? 0.5 : -0.3)}"/>`,
    ].join(""),
  );
}

export function drawPowerBank(color: string): string {
  const box: Box = { x: 300, y: 150, width: 360, height: 660, radius: 76 };
  // The wool: short threads across, the same in every picture.
  const threads = Array.from({ length: 46 }, (_, row) => {
    const y = box.y + 30 + row * 13.2;
    const dashes = row % 2 === 0 ? "14 9" : "9 12";
    return `<path d="M 322 ${String(Math.round(y))} H 638" stroke="${row % 3 === 0 ? shade(color, 0.25) : shade(color, -0.22)}" stroke-width="4" stroke-dasharray="${dashes}" opacity="0.4"/>`;
  });
  const lights = [0, 1, 2, 3].map((place) =>
    circle(
      432 + place * 32,
      740,
      8,
      place < 3 ? "#ffffff" : shade(color, -0.45),
      place < 3 ? 'opacity="0.95"' : "",
    ),
  );
  return page(
    color,
    bodyGradients(color),
    [
      groundShadow(480, 838, 220),
      group(
        "rotate(-6 480 480)",
        roundedBox({ ...box, x: box.x + 16 }, shade(color, -0.5)),
        roundedBox(box, "url(#body)"),
        ...threads,
        roundedBox(box, "url(#sheen)"),
        roundedBox({ x: 404, y: 716, width: 152, height: 48, radius: 24 }, shade(color, -0.3)),
        ...lights,
        roundedBox({ x: 432, y: 138, width: 96, height: 26, radius: 13 }, "#15171b"),
      ),
    ].join(""),
  );
}

export function drawCable(color: string): string {
  const coil = (radius: number, dash: string, stroke: string, width: number) =>
    `<ellipse cx="480" cy="470" rx="${String(radius)}" ry="${String(radius * 0.94)}" fill="none" stroke="${stroke}" stroke-width="${String(width)}"${dash === "" ? "" : ` stroke-dasharray="${dash}"`}/>`;
  const rope = (path: string) =>
    `<path d="${path}" fill="none" stroke="${shade(color, -0.3)}" stroke-width="34" stroke-linecap="round"/>` +
    `<path d="${path}" fill="none" stroke="${color}" stroke-width="28" stroke-linecap="round"/>` +
    `<path d="${path}" fill="none" stroke="${shade(color, color === "#2c3a5c" ? 0.3 : -0.14)}" stroke-width="28" stroke-dasharray="5 9" opacity="0.8"/>`;
  const plug =
    roundedBox({ x: -30, y: 0, width: 60, height: 104, radius: 18 }, "url(#steel)") +
    roundedBox({ x: -20, y: 100, width: 40, height: 46, radius: 8 }, "#c9ced4") +
    roundedBox({ x: -12, y: 138, width: 24, height: 6, radius: 3 }, "#4b5058");
  const rings = [250, 216, 182].map(
    (radius) =>
      coil(radius, "", shade(color, -0.3), 34) +
      coil(radius, "", color, 28) +
      coil(radius, "5 9", shade(color, color === "#2c3a5c" ? 0.3 : -0.14), 28),
  );
  return page(
    color,
    bodyGradients(color) + steel(),
    [
      groundShadow(480, 800, 290),
      ...rings,
      rope("M 300 600 C 250 690, 300 730, 330 740"),
      rope("M 660 600 C 710 690, 660 730, 630 740"),
      group("translate(332 736) rotate(-52)", plug),
      group("translate(628 736) rotate(52)", plug),
      roundedBox({ x: 440, y: 214, width: 80, height: 116, radius: 18 }, shade(color, -0.55)),
      roundedBox({ x: 448, y: 222, width: 64, height: 100, radius: 14 }, shade(color, -0.42)),
    ].join(""),
  );
}

/** Polished metal: `url(#steel)`. */
function steel(): string {
  return gradient(
    "steel",
    [
      [0, "#f2f4f6"],
      [0.35, "#a2a9b1"],
      [0.6, "#e6e9ec"],
      [1, "#7d848d"],
    ],
    [0, 0, 1, 0],
  );
}
