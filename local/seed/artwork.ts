/** Draws the catalog's pictures, one per product and finish, into the store's public files: `node local/seed/artwork.ts`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { drawCable, drawCase, drawCharger, drawPowerBank, drawStand } from "./artwork/accessory.ts";
import { drawEarbuds, drawHeadphones } from "./artwork/audio.ts";
import { drawFold } from "./artwork/fold.ts";
import { drawPhone } from "./artwork/phone.ts";
import { drawTablet } from "./artwork/tablet.ts";
import { drawWatch } from "./artwork/watch.ts";
import { PRODUCT_LINES } from "./catalog.ts";
import { imagePath } from "./seed-product.ts";

const PUBLIC_FOLDER = fileURLToPath(new URL("../../web/public", import.meta.url));

/** How each product is drawn, given the colour of the finish. */
const DRAWINGS: Readonly<Record<string, (color: string) => string>> = {
  "aurora-pro": (color) => drawPhone(color, { width: 344, height: 710, cameras: 3 }),
  aurora: (color) => drawPhone(color, { width: 328, height: 670, cameras: 2 }),
  "aurora-mini": (color) => drawPhone(color, { width: 290, height: 580, cameras: 2 }),
  "aurora-fold": drawFold,
  "meridian-11": (color) => drawTablet(color, "regular"),
  "meridian-13": (color) => drawTablet(color, "large"),
  "tide-watch": drawWatch,
  "murmur-buds": drawEarbuds,
  "murmur-over": drawHeadphones,
  "shell-case-aurora-pro": (color) => drawCase(color, 3),
  "shell-case-aurora": (color) => drawCase(color, 2),
  "volt-45": drawCharger,
  "volt-stand": drawStand,
  "volt-bank": drawPowerBank,
  "braid-cable": drawCable,
};

/** Every picture of the catalog: its path below the store's origin, and the SVG. */
export function drawCatalog(): { path: string; svg: string }[] {
  return PRODUCT_LINES.flatMap((line) =>
    line.finishes.map((finish) => {
      const draw = DRAWINGS[line.slug];
      if (draw === undefined) throw new Error(`nobody knows how to draw ${line.slug}`);
      return { path: imagePath(line.slug, finish), svg: draw(finish.swatch) };
    }),
  );
}

if (import.meta.main) {
  const pictures = drawCatalog();
  for (const { path, svg } of pictures) {
    const file = PUBLIC_FOLDER + path;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, svg);
  }
  console.log(`${String(pictures.length)} pictures drawn`);
}
