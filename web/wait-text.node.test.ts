import { expect, it } from "vitest";
import { waitText } from "./wait-text.ts";

it.each([
  [0, "a few seconds"],
  [5, "a few seconds"],
  [6, "about 10 seconds"],
  [55, "about 55 seconds"],
  [56, "about a minute"],
  [61, "about 2 minutes"],
])("%i seconds are %s", (seconds, text) => {
  expect(waitText(seconds)).toBe(text);
});
