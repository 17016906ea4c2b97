/** Draws the catalog's pictures, for every product and finish, into the store's public files: `node local/seed/artwork.ts`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { drawCable, drawCase, drawCharger, drawPowerBank, drawStand } from "./artwork/accessory.ts";
import { drawEarbuds, drawHeadphones } from "./artwork/audio.ts";
import { drawFold } from "./artwork/fold.ts";
import { drawCameras, drawPhone, drawPhoneBack, drawPhoneFront } from "./artwork/phone.ts";
import type { PhoneShape } from "./artwork/phone.ts";
import { drawTablet } from "./artwork/tablet.ts";
import { drawWatch } from "./artwork/watch.ts";
import { PRODUCT_LINES } from "./catalog.ts";
import { imagePath } from "./seed-product.ts";

const PUBLIC_FOLDER = fileURLToPath(new URL("../../web/public", import.meta.url));

type Drawing = (color: string) => string;

/** How a product is drawn, given the colour of the finish: its first picture, and its further views by name. */
interface Drawings {
  readonly first: Drawing;
  readonly views?: Readonly<Record<string, Drawing>>;
}

function phone(shape: PhoneShape): Drawings {
  return {
    first: (color) => drawPhone(color, shape),
    views: {
      back: (color) => drawPhoneBack(color, shape),
      front: (color) => drawPhoneFront(color, shape),
      cameras: (color) => drawCameras(color, shape),
    },
  };
}

const FOLDED: PhoneShape = { width: 356, height: 690, cameras: 3, hinged: true };

const DRAWINGS: Readonly<Record<string, Drawings>> = {
  "aurora-pro": phone({ width: 344, height: 710, cameras: 3 }),
  aurora: phone({ width: 328, height: 670, cameras: 2 }),
  "aurora-mini": phone({ width: 290, height: 580, cameras: 2 }),
  "aurora-fold": {
    first: drawFold,
    views: {
      closed: (color) => drawPhone(color, FOLDED),
      back: (color) => drawPhoneBack(color, FOLDED),
      cameras: (color) => drawCameras(color, FOLDED),
    },
  },
  "meridian-11": { first: (color) => drawTablet(color, "regular") },
  "meridian-13": { first: (color) => drawTablet(color, "large") },
  "tide-watch": { first: drawWatch },
  "murmur-buds": { first: drawEarbuds },
  "murmur-over": { first: drawHeadphones },
  "shell-case-aurora-pro": { first: (color) => drawCase(color, 3) },
  "shell-case-aurora": { first: (color) => drawCase(color, 2) },
  "volt-45": { first: drawCharger },
  "volt-stand": { first: drawStand },
  "volt-bank": { first: drawPowerBank },
  "braid-cable": { first: drawCable },
};

/** Every picture of the catalog: its path below the store's origin, and the SVG. */
export function drawCatalog(): { path: string; svg: string }[] {
  return PRODUCT_LINES.flatMap((line) =>
    line.finishes.flatMap((finish) =>
      [undefined, ...(line.views ?? []).map(({ name }) => name)].map((view) => ({
        path: imagePath(line.slug, finish, view),
        svg: drawingOf(line.slug, view)(finish.swatch),
      })),
    ),
  );
}

function drawingOf(slug: string, view: string | undefined): Drawing {
  const drawings = DRAWINGS[slug];
  const drawing = view === undefined ? drawings?.first : drawings?.views?.[view];
  if (drawing === undefined) throw new Error(`nobody knows how to draw ${slug}, ${view ?? "first picture"}`);
  return drawing;
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
