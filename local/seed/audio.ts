/** The earbuds and headphones of the seed catalog. */
import type { ProductLine } from "./seed-product.ts";

const one = (unitAmountMinor: number, stock: number) => [{ value: "", label: "", unitAmountMinor, stock }];

export const AUDIO: readonly ProductLine[] = [
  {
    slug: "murmur-buds",
    skuPrefix: "MURMUR-BUDS",
    name: "Lumaro Murmur Buds",
    description:
      "Earbuds for people who take the underground. They cancel the rumble and let the announcement through, hold for a run, and come in a case the size of a bar of hotel soap. Eight hours in the ear, thirty in the pocket.",
    category: "audio",
    purchaseLimit: null,
    pictureOf: "two earbuds above their open case",
    finishes: [
      { value: "charcoal", label: "Charcoal", swatch: "#33373d" },
      { value: "chalk", label: "Chalk", swatch: "#eceae4" },
      { value: "rosehip", label: "Rosehip", swatch: "#b9525b" },
    ],
    variants: one(19900, 4000),
  },
  {
    slug: "murmur-over",
    skuPrefix: "MURMUR-OVER",
    name: "Lumaro Murmur Over",
    description:
      "Headphones to disappear into. Forty hours on a charge, cushions that come off for washing, and a wired mode for the day the battery does run out. They fold flat, they can be repaired, and every part has a number you can order.",
    category: "audio",
    purchaseLimit: null,
    pictureOf: "seen from the front",
    finishes: [
      { value: "charcoal", label: "Charcoal", swatch: "#33373d" },
      { value: "oat", label: "Oat", swatch: "#d9cfbd" },
    ],
    variants: one(32900, 1200),
  },
];
