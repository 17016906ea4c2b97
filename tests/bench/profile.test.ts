import { expect, it } from "vitest";
import { selfTimes, selfTimesByFile } from "./profile.ts";

const frame = (functionName: string, lineNumber = 0) => ({
  functionName,
  url: functionName.startsWith("(") ? "" : "file:///index.js",
  lineNumber,
  columnNumber: 0,
});

it("adds a function's own time wherever it was called from, and leaves out when nothing ran", () => {
  const profile = {
    nodes: [
      { id: 1, callFrame: frame("(idle)") },
      { id: 2, callFrame: frame("reserve", 9) },
      { id: 3, callFrame: frame("reserve", 9) },
      { id: 4, callFrame: frame("", 19) },
    ],
    samples: [2, 1, 3, 4, 1],
    timeDeltas: [0, 2_000, 50_000, 4_000, 2_000],
  };
  const times = selfTimes(profile);
  expect(times.map(({ name, place, selfMs }) => [name, place, selfMs])).toEqual([
    ["reserve", "index.js:10", 6],
    ["(anonymous)", "index.js:20", 2],
  ]);
  expect(times[0]?.share).toBe(0.75);
  expect(selfTimesByFile(times)).toEqual([{ name: "index.js", place: "", selfMs: 8, share: 1 }]);
});
