import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DISPATCH_CUT_OFF_HOUR, deliveryChangesAt, deliveryEstimate } from "./delivery-estimate.ts";

const STANDARD = { leastDays: 3, mostDays: 5 };
const EXPRESS = { leastDays: 1, mostDays: 2 };
const day = (text: string) => Date.parse(`${text}T00:00:00Z`);
const at = (text: string) => Date.parse(`${text}Z`);
const days = ({ from, to }: { from: number; to: number }) =>
  [from, to].map((moment) => new Date(moment).toISOString().slice(0, 10));

describe("the delivery estimate", () => {
  it("counts business days from the day of dispatch", () => {
    // A Monday morning.
    expect(days(deliveryEstimate(STANDARD, at("2026-11-23T09:00:00")))).toEqual(["2026-11-26", "2026-11-30"]);
    expect(days(deliveryEstimate(EXPRESS, at("2026-11-23T09:00:00")))).toEqual(["2026-11-24", "2026-11-25"]);
  });

  it("leaves a day later from the cut-off on", () => {
    const cutOff = day("2026-11-23") + DISPATCH_CUT_OFF_HOUR * 3_600_000;
    expect(days(deliveryEstimate(EXPRESS, cutOff - 1))).toEqual(["2026-11-24", "2026-11-25"]);
    expect(days(deliveryEstimate(EXPRESS, cutOff))).toEqual(["2026-11-25", "2026-11-26"]);
  });

  it("sends nothing at the weekend, nor on Friday evening", () => {
    const monday = days(deliveryEstimate(EXPRESS, at("2026-11-23T09:00:00")));
    for (const moment of ["2026-11-20T18:00:00", "2026-11-21T12:00:00", "2026-11-22T23:59:59"])
      expect(days(deliveryEstimate(EXPRESS, at(moment)))).toEqual(monday);
  });

  it("crosses the end of a year", () => {
    expect(days(deliveryEstimate(STANDARD, at("2026-12-30T12:00:00")))).toEqual(["2027-01-04", "2027-01-06"]);
  });

  it("never promises a weekend, holds until it says it changes, and then changes", () => {
    const moments = fc.integer({ min: at("2026-01-01T00:00:00"), max: at("2030-01-01T00:00:00") });
    fc.assert(
      fc.property(moments, fc.constantFrom(STANDARD, EXPRESS), (moment, method) => {
        const { from, to } = deliveryEstimate(method, moment);
        for (const end of [from, to]) expect([0, 6]).not.toContain(new Date(end).getUTCDay());
        expect(from).toBeGreaterThan(moment);
        expect(to).toBeGreaterThan(from);
        const changesAt = deliveryChangesAt(moment);
        expect(changesAt).toBeGreaterThan(moment);
        expect(deliveryEstimate(method, changesAt - 1)).toEqual({ from, to });
        expect(deliveryEstimate(method, changesAt).from).toBeGreaterThan(from);
      }),
    );
  });
});
