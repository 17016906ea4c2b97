/** The tablets and watches of the seed catalog. */
import type { ProductLine } from "./seed-product.ts";

const storage = { name: "storage", label: "Storage" };

export const TABLETS_AND_WATCHES: readonly ProductLine[] = [
  {
    slug: "meridian-11",
    skuPrefix: "MERIDIAN-11",
    name: "Lumaro Meridian 11",
    description:
      "A sheet of paper that remembers. The 11-inch Meridian weighs 430 grams, answers the pencil without a visible delay, and goes ten hours on a charge whether you draw, read or argue in a spreadsheet.",
    category: "tablets",
    purchaseLimit: 4,
    pictureOf: "front and edge of the back",
    finishes: [
      { value: "slate", label: "Slate", swatch: "#4c525c" },
      { value: "silver", label: "Silver", swatch: "#d5d8dc" },
      { value: "sage", label: "Sage", swatch: "#a3b5a0" },
    ],
    variantOption: storage,
    variants: [
      { value: "128", label: "128 GB", unitAmountMinor: 64900, stock: 1800 },
      { value: "256", label: "256 GB", unitAmountMinor: 74900, stock: 900 },
    ],
  },
  {
    slug: "meridian-13",
    skuPrefix: "MERIDIAN-13",
    name: "Lumaro Meridian 13",
    description:
      "The big one: a 13-inch display with true black, four speakers that know which way is up, and room for two pages side by side. Add a keyboard and it is the only computer you pack.",
    category: "tablets",
    purchaseLimit: 4,
    pictureOf: "front and edge of the back",
    finishes: [
      { value: "slate", label: "Slate", swatch: "#4c525c" },
      { value: "silver", label: "Silver", swatch: "#d5d8dc" },
    ],
    variantOption: storage,
    variants: [
      { value: "256", label: "256 GB", unitAmountMinor: 99900, stock: 700 },
      { value: "512", label: "512 GB", unitAmountMinor: 114900, stock: 300 },
    ],
  },
  {
    slug: "tide-watch",
    skuPrefix: "TIDE-WATCH",
    name: "Lumaro Tide Watch",
    description:
      "A round watch that is good at being a watch: always on, legible at arm's length, two days between charges. It counts lengths in the pool, hears your pulse through the night, and keeps quiet unless it matters.",
    category: "watches",
    purchaseLimit: 4,
    pictureOf: "face and strap",
    finishes: [
      { value: "storm", label: "Storm", swatch: "#39414d" },
      { value: "sand", label: "Sand", swatch: "#d8c6a8" },
      { value: "lagoon", label: "Lagoon", swatch: "#3f7f8c" },
    ],
    variantOption: { name: "size", label: "Case" },
    variants: [
      { value: "41", label: "41 mm", unitAmountMinor: 34900, stock: 1600 },
      { value: "45", label: "45 mm", unitAmountMinor: 37900, stock: 1600 },
    ],
  },
];
