/** Where a name may break. */
import { expect, it } from "vitest";
import { renderPage } from "../render.ts";
import { ItemName } from "./item-name.tsx";

const whole = (name: string) =>
  [...renderPage(ItemName({ name })).matchAll(/<span class="whole">(.*?)<\/span>/g)].map(([, part]) => part);

it("a number stays with its unit, a word with a hyphen in one piece", () => {
  expect(whole("Lumaro Meridian 11, 128 GB, Sage")).toEqual(["128 GB"]);
  expect(whole("Braid Cable USB-C, 1.5 m, White")).toEqual(["USB-C", "1.5 m"]);
  expect(whole("Murmur Over, Charcoal")).toEqual([]);
});

it("says the name unchanged, and lets what is too long for a line break", () => {
  const name = "Case <2 mm> of well-nigh-indestructible-polycarbonate-composite";
  const text = renderPage(ItemName({ name })).replaceAll(/<[^>]*>/g, "");
  expect(text).toContain("Case &lt;2 mm&gt; of well-nigh-indestructible-polycarbonate-composite");
  expect(whole("indestructible-polycarbonate")).toEqual([]);
});
