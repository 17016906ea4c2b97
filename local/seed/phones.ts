/** The phones of the seed catalog. */
import type { ProductLine } from "./seed-product.ts";

const storage = { name: "storage", label: "Storage" };
const PHONE_LIMIT = 2;
const views = [
  { name: "back", pictureOf: "seen from behind" },
  { name: "front", pictureOf: "seen from the front" },
  { name: "cameras", pictureOf: "its cameras from near" },
];
const foldViews = [
  { name: "closed", pictureOf: "closed, back and outer display" },
  { name: "back", pictureOf: "closed, seen from behind" },
  { name: "cameras", pictureOf: "its cameras from near" },
];

export const PHONES: readonly ProductLine[] = [
  {
    slug: "aurora-pro",
    skuPrefix: "AURORA-PRO",
    name: "Lumaro Aurora Pro",
    description:
      "The camera you would have left at home. A one-inch main sensor and a folded 5× telephoto sit behind sapphire, in a frame milled from a single piece of titanium. The 6.7-inch display stays readable in full sun and slows down to one frame a second when nothing moves, so a day of photographs still ends with a third of the battery left.",
    category: "phones",
    purchaseLimit: PHONE_LIMIT,
    pictureOf: "back with three cameras and front",
    views,
    finishes: [
      { value: "graphite", label: "Graphite", swatch: "#3d4148" },
      { value: "glacier", label: "Glacier", swatch: "#c3d4e0" },
      { value: "ember", label: "Ember", swatch: "#c4613f" },
      { value: "moss", label: "Moss", swatch: "#5d6b52" },
    ],
    variantOption: storage,
    variants: [
      { value: "256", label: "256 GB", unitAmountMinor: 119900, stock: 5000 },
      { value: "512", label: "512 GB", unitAmountMinor: 131900, stock: 1200 },
      { value: "1tb", label: "1 TB", unitAmountMinor: 151900, stock: 400 },
    ],
    stockOf: { "AURORA-PRO-1TB-EMBER": 3, "AURORA-PRO-512-GLACIER": 50 },
  },
  {
    slug: "aurora",
    skuPrefix: "AURORA",
    name: "Lumaro Aurora",
    description:
      "Everything people loved about the last one, lighter by a chocolate bar. A 6.1-inch display with thin, even edges, two cameras that agree on what colour things are, and a battery that lasts from the first train to the last. Seven years of updates come with it.",
    category: "phones",
    purchaseLimit: PHONE_LIMIT,
    pictureOf: "back with two cameras and front",
    views,
    finishes: [
      { value: "midnight", label: "Midnight", swatch: "#232b45" },
      { value: "mist", label: "Mist", swatch: "#dfe3e6" },
      { value: "coral", label: "Coral", swatch: "#e98876" },
      { value: "fern", label: "Fern", swatch: "#86a886" },
    ],
    variantOption: storage,
    variants: [
      { value: "128", label: "128 GB", unitAmountMinor: 79900, stock: 5000 },
      { value: "256", label: "256 GB", unitAmountMinor: 89900, stock: 2400 },
      { value: "512", label: "512 GB", unitAmountMinor: 104900, stock: 600 },
    ],
  },
  {
    slug: "aurora-mini",
    skuPrefix: "AURORA-MINI",
    name: "Lumaro Aurora Mini",
    description:
      "A whole phone for one hand. The Mini keeps the Aurora's processor, cameras and battery life, and gives your thumb the top corner back. It fits the small pocket, and it is the one we carry ourselves.",
    category: "phones",
    purchaseLimit: PHONE_LIMIT,
    pictureOf: "back with two cameras and front",
    views,
    finishes: [
      { value: "ink", label: "Ink", swatch: "#2c2f36" },
      { value: "butter", label: "Butter", swatch: "#ecd9a0" },
      { value: "lilac", label: "Lilac", swatch: "#b9aed6" },
    ],
    variantOption: storage,
    variants: [
      { value: "128", label: "128 GB", unitAmountMinor: 59900, stock: 3000 },
      { value: "256", label: "256 GB", unitAmountMinor: 67900, stock: 1500 },
    ],
  },
  {
    slug: "aurora-fold",
    skuPrefix: "AURORA-FOLD",
    name: "Lumaro Aurora Fold",
    description:
      "Opens like a notebook, closes without a gap. The 7.9-inch inner display folds around a hinge of 118 parts that we opened and closed four hundred thousand times, and then once more to be sure. The first batch goes on sale at one moment, everywhere; two to a customer.",
    category: "phones",
    purchaseLimit: PHONE_LIMIT,
    isDrop: true,
    pictureOf: "half open, with the inner display",
    views: foldViews,
    finishes: [
      { value: "obsidian", label: "Obsidian", swatch: "#1d1f24" },
      { value: "champagne", label: "Champagne", swatch: "#d9c3a3" },
    ],
    variantOption: storage,
    variants: [
      { value: "256", label: "256 GB", unitAmountMinor: 179900, stock: 1000 },
      { value: "512", label: "512 GB", unitAmountMinor: 199900, stock: 500 },
    ],
  },
];
