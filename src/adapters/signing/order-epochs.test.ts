/** Order epochs: how they are written, which is in force, and which shard an order falls to. */
import { describe, expect, it } from "vitest";
import { parseOrderEpochs } from "./order-epochs.ts";
import { epochsAt, FORMER_EPOCH_MS, isOfEpoch, shardOf } from "../../domain/order/epochs.ts";

const FROM = "2027-01-05T09:00:00Z";
const EPOCHS = parseOrderEpochs(`1:v1:n2:4, 2:v2:n2:8@${FROM}`);

describe("the list of epochs", () => {
  it.each([
    ["", "must look like"],
    ["1:v1:4", "must look like"],
    ["1:v1:n9:4", "no normalisation 9"],
    ["1:v1:n2:0", "1 to 256 shards"],
    ["1:v1:n2:257", "1 to 256 shards"],
    [`1:v1:n2:4@${FROM}`, "every epoch but the first"],
    ["1:v1:n2:4,2:v1:n2:8", "every epoch but the first"],
    ["1:v1:n2:4,2:v1:n2:8@soon", "not a date"],
    [`1:v1:n2:4,1:v1:n2:8@${FROM}`, "share a name"],
    [`1:v1:n2:4,2:v1:n2:8@${FROM},3:v1:n2:9@${FROM}`, "must begin after"],
  ])("%j is refused with a reason", (text, reason) => {
    expect(() => parseOrderEpochs(text)).toThrow(reason);
  });

  it("says which epoch is in force, which came before it for a day, and which comes next", () => {
    const from = Date.parse(FROM);
    const names = (now: number) => {
      const { current, former, next } = epochsAt(EPOCHS, now);
      return [current.name, former?.name ?? null, next?.name ?? null];
    };
    expect(names(from - 1)).toEqual(["1", null, "2"]);
    expect(names(from)).toEqual(["2", "1", null]);
    expect(names(from + FORMER_EPOCH_MS)).toEqual(["2", null, null]);
  });
});

describe("an order's shard", () => {
  const idOf = (epoch: string, digits: string) => `${epoch}${digits}${"0".repeat(28)}`;

  it("is the beginning of its id, modulo the shards of its epoch", () => {
    expect(shardOf(EPOCHS, idOf("1", "000005"))).toBe(1);
    expect(shardOf(EPOCHS, idOf("2", "000005"))).toBe(5);
    expect(shardOf(EPOCHS, idOf("2", "zzzzzz"))).toBe(7);
  });

  it("is known for ids of a listed epoch only", () => {
    expect(isOfEpoch(EPOCHS, idOf("3", "000005"))).toBe(false);
    expect(isOfEpoch(EPOCHS, "1-nonsense")).toBe(false);
    expect(() => shardOf(EPOCHS, idOf("3", "000005"))).toThrow(RangeError);
  });
});
