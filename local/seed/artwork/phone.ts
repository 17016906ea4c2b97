/** Draws a phone: from behind with a second one showing its display, its back alone, its front alone, and its cameras from near. */
import { display, displayGradients } from "./display.ts";
import { bodyGradients, circle, group, groundShadow, inset, page, roundedBox, shade } from "./paint.ts";
import type { Box } from "./paint.ts";

export interface PhoneShape {
  width: number;
  height: number;
  /** Number of cameras on the back; three stand in a bump that spans the back. */
  cameras: 2 | 3;
  /** Folds open along one long edge, which bears a hinge. */
  hinged?: boolean;
}

/** One camera: ring, barrel, glass that mirrors a window, and two reflections. */
export function lens(x: number, y: number, radius: number, color: string): string {
  return [
    circle(x, y, radius, shade(color, -0.35)),
    circle(x, y, radius * 0.9, shade(color, 0.25)),
    circle(x, y, radius * 0.82, "#0b0e14"),
    circle(x, y, radius * 0.7, "none", `stroke="#2a303c" stroke-width="${String(radius * 0.03)}"`),
    circle(x, y, radius * 0.56, "#18202e"),
    circle(x, y, radius * 0.5, "#22304a", 'opacity="0.7"'),
    circle(x, y, radius * 0.36, "#0a0c12"),
    circle(x, y, radius * 0.3, "#3b5f9a", 'opacity="0.5"'),
    circle(x + radius * 0.08, y + radius * 0.1, radius * 0.16, "#7a5fb8", 'opacity="0.45"'),
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

/** A strip of the hinge along one long edge. */
function hinge(box: Box, side: "left" | "right", color: string): string {
  const x = side === "left" ? box.x : box.x + box.width - 24;
  return (
    roundedBox({ x, y: box.y + 26, width: 24, height: box.height - 52, radius: 10 }, "url(#edge)") +
    roundedBox(
      { x: x + 9, y: box.y + 34, width: 6, height: box.height - 68, radius: 3 },
      shade(color, -0.45),
      'opacity="0.5"',
    )
  );
}

function back(box: Box, shape: PhoneShape, color: string): string {
  return [
    surface(box),
    shape.hinged === true ? hinge(box, "right", color) : "",
    cameraBump(box, shape.cameras, color),
    aurora(box.x + box.width / 2, box.y + box.height * 0.56, box.width * 0.085, shade(color, 0.45)),
  ].join("");
}

function surface(box: Box): string {
  return [
    roundedBox(box, "url(#edge)"),
    roundedBox(inset(box, 7), "url(#body)"),
    roundedBox(inset(box, 7), "url(#sheen)"),
  ].join("");
}

/** The maker's mark: an arc of light over a horizon. */
function aurora(x: number, y: number, size: number, color: string): string {
  const arc = (radius: number) =>
    `<path d="M ${String(x - radius)} ${String(y)} A ${String(radius)} ${String(radius)} 0 0 1 ${String(x + radius)} ${String(y)}" fill="none" stroke="${color}" stroke-width="${String(size * 0.2)}" stroke-linecap="round" opacity="0.75"/>`;
  return arc(size) + arc(size * 0.52);
}

function front(box: Box, shape: PhoneShape, color: string): string {
  const middle = box.x + box.width / 2;
  return [
    roundedBox(box, "url(#edge)"),
    roundedBox(inset(box, 6), "#0a0b0f"),
    display(inset(box, 16), "screen"),
    shape.hinged === true ? hinge(box, "left", color) : "",
    roundedBox({ x: middle - 30, y: box.y + 30, width: 60, height: 18, radius: 9 }, "#050608"),
    circle(middle + 18, box.y + 39, 4.5, "#1d2b45"),
  ].join("");
}

/** Where a phone stands whose middle is at `x`. */
function standing(shape: PhoneShape, x: number): Box {
  return {
    x: x - shape.width / 2,
    y: 480 - shape.height / 2,
    width: shape.width,
    height: shape.height,
    radius: shape.width * 0.16,
  };
}

/** The buttons on the right edge, seen from the front; on the left one seen from behind. */
function buttons(box: Box, side: "left" | "right", color: string): string {
  const x = side === "left" ? box.x - 4 : box.x + box.width - 5;
  const button = (y: number, height: number) =>
    roundedBox(
      { x, y: box.y + box.height * y, width: 9, height: box.height * height, radius: 4 },
      shade(color, -0.3),
    );
  return button(0.22, 0.1) + button(0.36, 0.07);
}

/** Back and front together. */
export function drawPhone(color: string, shape: PhoneShape): string {
  const ground = 480 + shape.height / 2 + 34;
  const definitions = bodyGradients(color) + displayGradients(color);
  const frontBox = standing(shape, 607);
  return page(
    color,
    definitions,
    [
      groundShadow(480, ground, shape.width * 0.95),
      group(
        "rotate(-7 380 480)",
        buttons(standing(shape, 365), "left", color),
        back(standing(shape, 365), shape, color),
      ),
      group(
        "rotate(6 600 480)",
        roundedBox({ ...frontBox, x: frontBox.x - 12 }, "#10141c", 'opacity="0.28" filter="url(#soft)"'),
        buttons(frontBox, "right", color),
        front(frontBox, shape, color),
      ),
    ].join(""),
  );
}

/** The back alone, larger, leaning a little. */
export function drawPhoneBack(color: string, shape: PhoneShape): string {
  const box = standing(shape, 480);
  return page(
    color,
    bodyGradients(color),
    [
      groundShadow(480, 480 + shape.height / 2 + 44, shape.width * 0.62),
      group(
        "translate(480 474) scale(1.06) rotate(5) translate(-480 -480)",
        buttons(box, "left", color),
        back(box, shape, color),
      ),
    ].join(""),
  );
}

/** The display alone. */
export function drawPhoneFront(color: string, shape: PhoneShape): string {
  const box = standing(shape, 480);
  return page(
    color,
    bodyGradients(color) + displayGradients(color),
    [
      groundShadow(480, 480 + shape.height / 2 + 44, shape.width * 0.62),
      group(
        "translate(480 474) scale(1.06) rotate(-4) translate(-480 -480)",
        buttons(box, "right", color),
        front(box, shape, color),
      ),
    ].join(""),
  );
}

/** How much nearer the cameras are looked at. */
const NEAR = 2.6;

/** The cameras from near: the upper corner of the back fills the picture. */
export function drawCameras(color: string, shape: PhoneShape): string {
  const box = standing(shape, 480);
  return page(
    color,
    bodyGradients(color),
    group(
      `translate(165 165) rotate(-9) scale(${String(NEAR)}) translate(${String(-box.x)} ${String(-box.y)})`,
      roundedBox({ ...box, x: box.x + 8, y: box.y + 10 }, "#10141c", 'opacity="0.3" filter="url(#soft)"'),
      buttons(box, "left", color),
      surface(box),
      cameraBump(box, shape.cameras, color),
    ),
  );
}
