/** Draws a round watch on its strap. */
import { bodyGradients, circle, gradient, groundShadow, page, roundedBox, shade } from "./paint.ts";

const MIDDLE = 480;

function hand(angle: number, length: number, width: number, color: string): string {
  const box = { x: MIDDLE - width / 2, y: MIDDLE - length, width, height: length + 18, radius: width / 2 };
  return roundedBox(box, color, `transform="rotate(${String(angle)} ${String(MIDDLE)} ${String(MIDDLE)})"`);
}

/** An arc of the activity ring, from twelve o'clock over a share of the circle. */
function ring(radius: number, share: number, color: string): string {
  const length = 2 * Math.PI * radius;
  return (
    circle(MIDDLE, MIDDLE, radius, "none", `stroke="${color}" stroke-width="14" opacity="0.2"`) +
    circle(
      MIDDLE,
      MIDDLE,
      radius,
      "none",
      `stroke="${color}" stroke-width="14" stroke-linecap="round" stroke-dasharray="${String(Math.round(length * share))} ${String(Math.round(length))}" transform="rotate(-90 ${String(MIDDLE)} ${String(MIDDLE)})"`,
    )
  );
}

export function drawWatch(color: string): string {
  const strap = (y: number, height: number) =>
    `<path d="M ${String(MIDDLE - 128)} ${String(MIDDLE)} L ${String(MIDDLE - 88)} ${String(y)} Q ${String(MIDDLE)} ${String(y + height)}, ${String(MIDDLE + 88)} ${String(y)} L ${String(MIDDLE + 128)} ${String(MIDDLE)} Z" fill="url(#strap)"/>`;
  const holes = [820, 780, 740].map(
    (y) => `<ellipse cx="${String(MIDDLE)}" cy="${String(y)}" rx="8" ry="11" fill="${shade(color, -0.55)}"/>`,
  );
  const ticks = Array.from({ length: 12 }, (_, hour) =>
    roundedBox(
      { x: MIDDLE - 3, y: MIDDLE - 186, width: 6, height: hour % 3 === 0 ? 26 : 14, radius: 3 },
      "#ffffff",
      `opacity="${hour % 3 === 0 ? "0.95" : "0.5"}" transform="rotate(${String(hour * 30)} ${String(MIDDLE)} ${String(MIDDLE)})"`,
    ),
  );
  const definitions = [
    bodyGradients(color),
    gradient(
      "strap",
      [
        [0, shade(color, -0.3)],
        [0.3, shade(color, 0.16)],
        [0.7, color],
        [1, shade(color, -0.38)],
      ],
      [0, 0, 1, 0],
    ),
    gradient("steel", [
      [0, "#f4f6f8"],
      [0.35, "#8d949d"],
      [0.6, "#dfe3e7"],
      [1, "#6b727b"],
    ]),
  ].join("");
  return page(
    color,
    definitions,
    [
      groundShadow(MIDDLE, 888, 170),
      strap(90, -46),
      strap(866, 46),
      ...holes,
      roundedBox({ x: MIDDLE + 236, y: MIDDLE - 34, width: 30, height: 68, radius: 12 }, "url(#steel)"),
      circle(MIDDLE, MIDDLE, 246, "url(#steel)"),
      circle(MIDDLE, MIDDLE, 226, "#0a0c11"),
      circle(MIDDLE, MIDDLE, 216, shade(color, -0.78)),
      ring(150, 0.72, "#7fe0c8"),
      ring(126, 0.48, "#f3a66b"),
      ...ticks,
      hand(304, 108, 12, "#ffffff"),
      hand(50, 162, 9, "#ffffff"),
      hand(168, 176, 4, "#f0704f"),
      circle(MIDDLE, MIDDLE, 11, "#f0704f"),
      `<path d="M ${String(MIDDLE - 200)} ${String(MIDDLE - 70)} A 212 212 0 0 1 ${String(MIDDLE + 60)} ${String(MIDDLE - 203)} Q ${String(MIDDLE - 120)} ${String(MIDDLE - 130)} ${String(MIDDLE - 200)} ${String(MIDDLE - 70)} Z" fill="#ffffff" opacity="0.14"/>`,
    ].join(""),
  );
}
