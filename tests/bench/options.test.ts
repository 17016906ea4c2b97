import { describe, expect, it } from "vitest";
import { benchOptions, SECTIONS } from "./options.ts";

describe("the benchmark's options", () => {
  it("measure everything but what takes long unless sections are named", () => {
    expect(benchOptions([]).sections).toEqual(SECTIONS.filter((section) => section !== "growth"));
    expect(benchOptions(["--only", "purchases,placing"]).sections).toEqual(["placing", "purchases"]);
    expect(benchOptions(["--only", "growth"]).sections).toEqual(["growth"]);
  });

  it.each([
    [["--only", "placing,speed"], '"speed"'],
    [["--seconds", "many"], "--seconds"],
    [["--rounds", "0"], "--rounds"],
    [["--memory-orders", "40000"], "--memory-orders"],
    [["--memory-orders", "40000,20000"], "ascending"],
    [["--profile", "everything"], "--profile"],
    [["--speed"], "--speed"],
  ])("are refused when they make no sense: %j", (args, message) => {
    expect(() => benchOptions(args)).toThrow(message);
  });
});
