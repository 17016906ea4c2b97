/** Cases, chargers and cables of the seed catalog. */
import type { ProductLine } from "./seed-product.ts";

const one = (unitAmountMinor: number, stock: number) => [{ value: "", label: "", unitAmountMinor, stock }];

const CASE_COPY =
  "A shell of recycled polymer with a suede-soft lining. It clicks on once and stays, keeps a raised lip around glass and cameras, and lets every wireless charger through.";

export const ACCESSORIES: readonly ProductLine[] = [
  {
    slug: "shell-case-aurora-pro",
    skuPrefix: "SHELL-CASE-AURORA-PRO",
    name: "Shell Case for Aurora Pro",
    description: CASE_COPY,
    category: "cases",
    purchaseLimit: null,
    pictureOf: "from behind",
    finishes: [
      { value: "black", label: "Black", swatch: "#25272b" },
      { value: "fog", label: "Fog", swatch: "#b9c0c7" },
      { value: "pine", label: "Pine", swatch: "#3f5a4a" },
      { value: "clay", label: "Clay", swatch: "#b86f52" },
    ],
    variants: one(4900, 2500),
  },
  {
    slug: "shell-case-aurora",
    skuPrefix: "SHELL-CASE-AURORA",
    name: "Shell Case for Aurora",
    description: CASE_COPY,
    category: "cases",
    purchaseLimit: null,
    pictureOf: "from behind",
    finishes: [
      { value: "black", label: "Black", swatch: "#25272b" },
      { value: "fog", label: "Fog", swatch: "#b9c0c7" },
      { value: "plum", label: "Plum", swatch: "#6a4a63" },
      { value: "apricot", label: "Apricot", swatch: "#e8ab7c" },
    ],
    variants: one(3900, 2500),
  },
  {
    slug: "volt-45",
    skuPrefix: "VOLT-45",
    name: "Volt 45 Charger",
    description:
      "Forty-five watts from something the size of a matchbox. Half a charge in twenty minutes, folding pins, and it stays cool enough to hold.",
    category: "chargers",
    purchaseLimit: null,
    pictureOf: "with its two sockets",
    finishes: [
      { value: "white", label: "White", swatch: "#f1f1ee" },
      { value: "black", label: "Black", swatch: "#25272b" },
    ],
    variants: one(4500, 5000),
  },
  {
    slug: "volt-stand",
    skuPrefix: "VOLT-STAND",
    name: "Volt Stand",
    description:
      "A wireless charger that holds the phone up where you can see it. The weighted foot stays put when you lift the phone off with one hand; the cable leaves at the back, where cables belong.",
    category: "chargers",
    purchaseLimit: null,
    pictureOf: "with its charging disc",
    finishes: [
      { value: "white", label: "White", swatch: "#f1f1ee" },
      { value: "black", label: "Black", swatch: "#25272b" },
    ],
    variants: one(5900, 1800),
  },
  {
    slug: "volt-bank",
    skuPrefix: "VOLT-BANK",
    name: "Volt Bank 10 000",
    description:
      "Two more days in your bag. Ten thousand milliampere hours in a wool-covered slab that charges a phone and a watch at once, and tells you honestly how much it has left.",
    category: "chargers",
    purchaseLimit: null,
    pictureOf: "with its row of lights",
    finishes: [
      { value: "heather", label: "Heather", swatch: "#8d8fa3" },
      { value: "rust", label: "Rust", swatch: "#a9573a" },
    ],
    variants: one(6900, 1400),
  },
  {
    slug: "braid-cable",
    skuPrefix: "BRAID-CABLE",
    name: "Braid Cable USB-C",
    description:
      "A cable that outlives its phone. Woven jacket, metal ends, one hundred watts, and thirty thousand bends before it so much as creaks.",
    category: "cables",
    purchaseLimit: null,
    pictureOf: "coiled",
    finishes: [
      { value: "white", label: "White", swatch: "#f1f1ee" },
      { value: "navy", label: "Navy", swatch: "#2c3a5c" },
    ],
    variantOption: { name: "length", label: "Length" },
    variants: [
      { value: "1m", label: "1 m", unitAmountMinor: 1900, stock: 5000 },
      { value: "2m", label: "2 m", unitAmountMinor: 2500, stock: 5000 },
    ],
  },
];
