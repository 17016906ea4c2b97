import { expect, it } from "vitest";
import { parseStat } from "./processes.ts";

it("reads a process whose name has spaces and parentheses, and counts its own time and its children's", () => {
  const stat = "4711 (a (strange) name) S 42 4711 4711 0 -1 4194560 900 0 0 0 150 25 50 75 20 0 1 0 1000 1 1";
  expect(parseStat(stat)).toEqual({ pid: 4711, parent: 42, name: "a (strange) name", seconds: 3 });
});
