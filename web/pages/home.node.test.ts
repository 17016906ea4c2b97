import { describe, expect, it } from "vitest";
import type { Product } from "../../src/contracts/catalog.ts";
import manifest from "../picture-manifest.json" with { type: "json" };
import { renderPage } from "../render.ts";
import { SAMPLE_RATES } from "../preview/sample-rates.ts";
import { HomePage } from "./home.tsx";

const [, src = ""] = Object.keys(manifest.pictures);

function product(slug: string, category: string): Product {
  return {
    slug,
    name: slug,
    description: "One. Two.",
    category,
    status: "in_stock",
    images: [
      {
        src: slug === "watch" ? src : `/images/${slug}.png`,
        alt: slug,
        width: 960,
        height: 960,
        options: {},
      },
    ],
    options: [],
    skus: [],
  };
}

describe("the home page", () => {
  it("asks for one file of a picture that is both a way in and on a shelf", () => {
    const products = [product("phone", "phones"), product("tablet", "tablets"), product("watch", "watches")];
    const html = renderPage(
      HomePage({
        site: { origin: "https://store.example" },
        drop: null,
        products,
        rates: SAMPLE_RATES,
        now: Date.UTC(2026, 10, 22),
      }),
    );
    const asked = [...html.matchAll(/<source type="image\/avif"[^>]*sizes="([^"]*)"/g)].map(
      ([, sizes]) => sizes,
    );
    expect(asked).toHaveLength(2);
    expect(new Set(asked).size).toBe(1);
  });
});
