/** What is said of when an order arrives. */
import { expect, it } from "vitest";
import { deliveryText } from "./delivery-text.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** A Monday, before the cut-off. */
const STANDARD = { leastDays: 3, mostDays: 5 };
const EXPRESS = { leastDays: 1, mostDays: 2 };
const MONDAY = Date.UTC(2026, 10, 23, 9);

it("a day never breaks in the middle, the range may after its dash", () => {
  expect(deliveryText(EXPRESS, MONDAY)).toMatch(/^Tue,\u00a0Nov\u00a024\u00a0– Wed,\u00a0Nov\u00a025$/);
});

it("keeps each range apart, also after more of them than are kept", () => {
  const said = Array.from({ length: 300 }, (_, week) => deliveryText(STANDARD, MONDAY + week * 7 * DAY_MS));
  expect(deliveryText(STANDARD, MONDAY)).toBe(said[0]);
  expect(deliveryText(STANDARD, MONDAY)).not.toBe(deliveryText(EXPRESS, MONDAY));
  expect(new Set(said.slice(0, 50)).size).toBe(50);
});
