import { describe, expect, it } from "vitest";
import {
  DROP_NOTICE_AHEAD_MS,
  DROP_NOTICE_LATE_MS,
  STOCK_NOTICE_BATCH,
  toldAtOnce,
  toldIfAskedBefore,
} from "./stock-notice.ts";

const OPENS_AT = Date.UTC(2026, 10, 24, 17);

describe("how many are told at once", () => {
  it("follows what is left, so that one unit does not call a crowd", () => {
    expect(toldAtOnce(0)).toBe(0);
    expect(toldAtOnce(-1)).toBe(0);
    expect(toldAtOnce(1)).toBe(10);
    expect(toldAtOnce(5_000)).toBe(STOCK_NOTICE_BATCH);
  });

  it("is a whole batch for a drop", () => {
    expect(toldAtOnce(null)).toBe(STOCK_NOTICE_BATCH);
  });
});

describe("who is told now", () => {
  it("is everybody who waits for a SKU that is on sale, and nobody before its sale opens", () => {
    expect(toldIfAskedBefore("restock", null, OPENS_AT)).toBe(OPENS_AT);
    expect(toldIfAskedBefore("restock", OPENS_AT, OPENS_AT - 1)).toBeNull();
    expect(toldIfAskedBefore("restock", OPENS_AT, OPENS_AT)).toBe(OPENS_AT);
  });

  it("is, an hour before a drop, whoever asked before that hour; once it is open, everybody", () => {
    const aheadAt = OPENS_AT - DROP_NOTICE_AHEAD_MS;
    expect(toldIfAskedBefore("drop", OPENS_AT, aheadAt - 1)).toBeNull();
    expect(toldIfAskedBefore("drop", OPENS_AT, aheadAt)).toBe(aheadAt);
    expect(toldIfAskedBefore("drop", OPENS_AT, OPENS_AT - 1)).toBe(aheadAt);
    expect(toldIfAskedBefore("drop", OPENS_AT, OPENS_AT)).toBe(OPENS_AT);
  });

  it("is nobody long after the opening, nor for a drop that was taken back", () => {
    expect(toldIfAskedBefore("drop", OPENS_AT, OPENS_AT + DROP_NOTICE_LATE_MS + 1)).toBeNull();
    expect(toldIfAskedBefore("drop", null, OPENS_AT)).toBeNull();
  });
});
