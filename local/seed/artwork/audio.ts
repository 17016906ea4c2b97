/** Draws earbuds above their open case, and headphones from the front. */
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

function earbud(color: string): string {
  return [
    roundedBox({ x: -24, y: 10, width: 48, height: 170, radius: 24 }, "url(#body)"),
    roundedBox({ x: -14, y: 20, width: 10, height: 140, radius: 5 }, "#ffffff", 'opacity="0.22"'),
    circle(0, 0, 66, "url(#body)"),
    `<ellipse cx="46" cy="-26" rx="40" ry="46" fill="${shade(color, -0.5)}" transform="rotate(-30 46 -26)"/>`,
    `<ellipse cx="52" cy="-30" rx="28" ry="34" fill="${shade(color, -0.68)}" transform="rotate(-30 52 -30)"/>`,
    `<ellipse cx="-22" cy="-24" rx="18" ry="26" fill="#ffffff" opacity="0.3" transform="rotate(35 -22 -24)"/>`,
    circle(0, 166, 7, shade(color, -0.6)),
  ].join("");
}

export function drawEarbuds(color: string): string {
  const lid = { x: 240, y: 470, width: 480, height: 170, radius: 80 };
  const body = { x: 228, y: 580, width: 504, height: 250, radius: 118 };
  return page(
    color,
    bodyGradients(color) +
      gradient(
        "well",
        [
          [0, shade(color, -0.75)],
          [1, shade(color, -0.45)],
        ],
        [0, 0, 0, 1],
      ),
    [
      groundShadow(480, 852, 270),
      roundedBox(lid, "url(#edge)"),
      roundedBox(inset(lid, 12), "url(#well)"),
      group("translate(372 330) rotate(-10)", earbud(color)),
      group("translate(588 330) scale(-1 1) rotate(-10)", earbud(color)),
      roundedBox(body, "url(#body)"),
      roundedBox({ ...body, height: 120, radius: 100 }, "url(#sheen)"),
      roundedBox({ x: 258, y: 618, width: 444, height: 5, radius: 2 }, shade(color, -0.4), 'opacity="0.55"'),
      circle(480, 700, 8, "#8ff0b4"),
      circle(480, 700, 16, "#8ff0b4", 'opacity="0.25"'),
    ].join(""),
  );
}

function cup(color: string): string {
  return [
    `<ellipse cx="24" cy="0" rx="76" ry="150" fill="${shade(color, -0.62)}"/>`,
    `<ellipse cx="34" cy="0" rx="58" ry="134" fill="${shade(color, -0.45)}"/>`,
    `<ellipse cx="-22" cy="0" rx="82" ry="142" fill="url(#edge)"/>`,
    `<ellipse cx="-32" cy="0" rx="72" ry="130" fill="url(#body)"/>`,
    `<ellipse cx="-54" cy="-46" rx="20" ry="58" fill="#ffffff" opacity="0.24" transform="rotate(10 -54 -46)"/>`,
  ].join("");
}

export function drawHeadphones(color: string): string {
  const band = (width: number, stroke: string) =>
    `<path d="M 250 590 C 214 120, 746 120, 710 590" fill="none" stroke="${stroke}" stroke-width="${String(width)}" stroke-linecap="round"/>`;
  return page(
    color,
    bodyGradients(color),
    [
      groundShadow(480, 810, 290),
      band(62, shade(color, -0.35)),
      band(50, "url(#body)"),
      `<path d="M 306 350 C 360 190, 600 190, 654 350" fill="none" stroke="${shade(color, -0.55)}" stroke-width="40" stroke-linecap="round" opacity="0.85"/>`,
      `<path d="M 262 440 C 300 150, 600 150, 660 300" fill="none" stroke="#ffffff" stroke-width="7" stroke-linecap="round" opacity="0.3"/>`,
      group("translate(262 630) rotate(4)", cup(color)),
      group("translate(698 630) scale(-1 1) rotate(4)", cup(color)),
    ].join(""),
  );
}
