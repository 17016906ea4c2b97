import { expect, it } from "vitest";
import { COUNTRIES_SERVED } from "./countries.ts";
import { needsRegion } from "./postal-address.ts";

it("a region is needed where mail does not arrive without it", () => {
  expect(COUNTRIES_SERVED.filter(needsRegion)).toEqual(["AU", "CA", "JP", "US"]);
});
