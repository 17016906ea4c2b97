/** The seed catalog: a phone store's, original from the brand to the pictures. */
import { ACCESSORIES } from "./accessories.ts";
import { AUDIO } from "./audio.ts";
import { DETAILS } from "./details.ts";
import { PHONES } from "./phones.ts";
import { expandLine } from "./seed-product.ts";
import type { ProductLine, SeedProduct } from "./seed-product.ts";
import { TABLETS_AND_WATCHES } from "./tablets-and-watches.ts";

export const PRODUCT_LINES: readonly ProductLine[] = [
  ...PHONES,
  ...TABLETS_AND_WATCHES,
  ...AUDIO,
  ...ACCESSORIES,
];

/** In list order. */
export const SEED_PRODUCTS: readonly SeedProduct[] = PRODUCT_LINES.map((line) => ({
  ...expandLine(line),
  details: [...(DETAILS[line.slug] ?? [])],
}));

/** SKUs that tests and drills use, by what they are good for. Phones are limited to two per buyer. */
export const SEED_SKUS = {
  /** A phone with 5,000 units. */
  plenty: "AURORA-PRO-256-GRAPHITE",
  /** Another phone with 5,000 units. */
  plentyToo: "AURORA-128-MIDNIGHT",
  /** A phone with exactly 50 units. */
  scarce: "AURORA-PRO-512-GLACIER",
  /** A phone with 3 units. */
  nearlySoldOut: "AURORA-PRO-1TB-EMBER",
  /** Goes on sale at the drop time. */
  drop: "AURORA-FOLD-256-OBSIDIAN",
  /** A cable with 5,000 units and no purchase limit. */
  unlimited: "BRAID-CABLE-1M-WHITE",
} as const;
