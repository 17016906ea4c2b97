import { describe, expect, it } from "vitest";
import { coalesced } from "./coalesced-calls.ts";

describe("coalesced calls", () => {
  it("answer each item as its own, and fail only the items of the call that failed", async () => {
    const calls: number[][] = [];
    const double = coalesced(async (items: number[]) => {
      calls.push(items);
      await Promise.resolve();
      if (items.includes(3)) throw new Error("three");
      return items.map((item) => item * 2);
    });
    const first = [double(1), double(2), double(3)];
    expect(await Promise.allSettled(first)).toMatchObject([
      { value: 2 },
      { reason: { message: "three" } },
      { reason: { message: "three" } },
    ]);
    expect(await double(4)).toBe(8);
    expect(calls).toEqual([[1], [2, 3], [4]]);
  });

  it("fail all their items where the answers are not one for each", async () => {
    const ask = coalesced(() => Promise.resolve([]));
    await expect(ask(1)).rejects.toThrow("0 answers to 1");
  });
});
