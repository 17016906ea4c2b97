import { expect, it } from "vitest";
import { fileTimes, functionTimes } from "./profile.ts";

const frame = (functionName: string, lineNumber = 0) => ({
  functionName,
  url: functionName.startsWith("(") ? "" : "file:///index.js",
  lineNumber,
  columnNumber: 0,
});

/** place calls reserve, which calls itself and an anonymous function; reserve is also called from elsewhere. */
const profile = {
  nodes: [
    { id: 1, callFrame: frame("(root)"), children: [2, 3, 4] },
    { id: 2, callFrame: frame("(idle)") },
    { id: 3, callFrame: frame("place", 4), children: [5] },
    { id: 4, callFrame: frame("reserve", 9) },
    { id: 5, callFrame: frame("reserve", 9), children: [6, 7] },
    { id: 6, callFrame: frame("reserve", 9) },
    { id: 7, callFrame: frame("", 19) },
  ],
  samples: [3, 2, 4, 5, 6, 7, 2],
  timeDeltas: [0, 1_000, 50_000, 2_000, 3_000, 4_000, 6_000],
};

it("adds a function's own time wherever it was called from, and leaves out when nothing ran", () => {
  const times = functionTimes(profile);
  expect(times.map(({ name, place, selfMs }) => [name, place, selfMs])).toEqual([
    ["reserve", "index.js:10", 9],
    ["(anonymous)", "index.js:20", 6],
    ["place", "index.js:5", 1],
  ]);
  expect(fileTimes(times)).toEqual([{ file: "index.js", selfMs: 16 }]);
});

it("adds what a function called, and a recursion only once", () => {
  const totals = Object.fromEntries(functionTimes(profile).map(({ name, totalMs }) => [name, totalMs]));
  expect(totals).toEqual({ place: 14, reserve: 15, "(anonymous)": 6 });
});
