/** Draws a tablet: its display, and behind it the edge of a second one's back. */
import { display, displayGradients } from "./display.ts";
import { bodyGradients, group, groundShadow, inset, page, roundedBox } from "./paint.ts";
import type { Box } from "./paint.ts";
import { lens } from "./phone.ts";

export function drawTablet(color: string, size: "large" | "regular"): string {
  const height = size === "large" ? 700 : 620;
  const width = height * 0.75;
  const box: Box = { x: 500 - width / 2, y: 470 - height / 2, width, height, radius: 38 };
  const behind: Box = { ...box, x: box.x - 70 };
  return page(
    color,
    bodyGradients(color) + displayGradients(color),
    [
      groundShadow(470, 470 + height / 2 + 40, width * 0.66),
      group(
        "rotate(-8 480 480)",
        roundedBox(behind, "url(#edge)"),
        roundedBox(inset(behind, 6), "url(#body)"),
        roundedBox(inset(behind, 6), "url(#sheen)"),
        lens(behind.x + 52, behind.y + 56, 30, color),
      ),
      group(
        "rotate(4 500 480)",
        roundedBox({ ...box, x: box.x - 10 }, "#10141c", 'opacity="0.3" filter="url(#soft)"'),
        roundedBox(box, "url(#edge)"),
        roundedBox(inset(box, 5), "#0a0b0f"),
        display(inset(box, 26), "screen"),
      ),
    ].join(""),
  );
}
