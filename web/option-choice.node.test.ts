import { describe, expect, it } from "vitest";
import type { Product, ProductSku } from "../src/contracts/catalog.ts";
import { imagesOf, lowestPrice, skuWithOption } from "./option-choice.ts";

function sku(name: string, options: Record<string, string>, amount = 100): ProductSku {
  return { sku: name, name, options, price: { amount, currency: "USD" }, purchaseLimit: null };
}

const smallRed = sku("SMALL-RED", { color: "red", size: "small" });
const smallBlue = sku("SMALL-BLUE", { color: "blue", size: "small" });
const largeRed = sku("LARGE-RED", { color: "red", size: "large" }, 150);
const product: Product = {
  slug: "shirt",
  name: "Shirt",
  description: "",
  category: "",
  status: "in_stock",
  images: ["red", "blue"].map((color) => ({
    src: `/${color}.svg`,
    alt: color,
    width: 1,
    height: 1,
    options: { color },
  })),
  options: [],
  skus: [smallRed, smallBlue, largeRed],
};

describe("choosing an option", () => {
  it("keeps the other choices where that combination exists", () => {
    expect(skuWithOption(product, smallRed, "color", "blue")).toBe(smallBlue);
    expect(skuWithOption(product, smallRed, "size", "large")).toBe(largeRed);
  });

  it("gives up another choice where the combination does not exist", () => {
    expect(skuWithOption(product, largeRed, "color", "blue")).toBe(smallBlue);
  });

  it("leads nowhere for a value that no SKU has", () => {
    expect(skuWithOption(product, smallRed, "color", "green")).toBeNull();
  });

  it("shows the pictures of the chosen variant only", () => {
    expect(imagesOf(product, smallBlue).map(({ src }) => src)).toEqual(["/blue.svg"]);
  });

  it("names the lowest price and whether others are higher", () => {
    expect(lowestPrice(product)).toEqual({ price: { amount: 100, currency: "USD" }, varies: true });
  });
});
