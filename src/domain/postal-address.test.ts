import { expect, it } from "vitest";
import { COUNTRIES_KNOWN } from "./countries.ts";
import { needsRegion } from "./postal-address.ts";

it("a region is needed where mail does not arrive without it", () => {
  expect(COUNTRIES_KNOWN.filter(needsRegion)).toEqual(["AU", "CA", "JP", "US"]);
});
