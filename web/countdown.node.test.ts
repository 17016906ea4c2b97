import { describe, expect, it } from "vitest";
import { clockText, countdownParts, spokenRemaining } from "./countdown.ts";

describe("a countdown", () => {
  it("rounds up, so that zero is shown only when the moment has come", () => {
    expect(countdownParts(1)).toEqual({ days: 0, hours: 0, minutes: 0, seconds: 1 });
    expect(countdownParts(0)).toEqual({ days: 0, hours: 0, minutes: 0, seconds: 0 });
  });

  it("carries rounded seconds over into minutes, hours and days", () => {
    expect(countdownParts(86_399_001)).toEqual({ days: 1, hours: 0, minutes: 0, seconds: 0 });
    expect(clockText(59_001)).toBe("1:00");
  });

  it("never goes below zero", () => {
    expect(clockText(-5_000)).toBe("0:00");
  });

  it("shows hours only where there are some", () => {
    expect(clockText(29 * 60_000 + 5_000)).toBe("29:05");
    expect(clockText(3_849_000)).toBe("1:04:09");
  });

  it("is spoken in the two largest units", () => {
    expect(spokenRemaining((2 * 24 + 3) * 3_600_000)).toBe("2 days 3 hours");
    expect(spokenRemaining(61 * 60_000)).toBe("1 hour 1 minute");
    expect(spokenRemaining(30_000)).toBe("30 seconds");
  });
});
