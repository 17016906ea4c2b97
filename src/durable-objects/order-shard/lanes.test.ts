/** Who may be told "sold out" without asking, and who never. */
import { expect, it } from "vitest";
import type { SkuCommand } from "../../domain/inventory/commands.ts";
import { reserveCommand } from "../object-test-fixture.ts";
import type { CommandResult } from "../sku-inventory/sku-inventory.ts";
import type { SkuObjects } from "../sku-inventory/sku-objects.ts";
import { Lanes } from "./lanes.ts";
import { Unanswered } from "./unanswered.ts";

const NOW = Date.now();
const SOLD_OUT: CommandResult = { outcome: { ok: false, reason: "sold_out", available: 0 } };

/** Lanes to SKUs of which nothing is left, whose calls are answered, or fail, when the test says so. */
function soldOutLanes() {
  const calls: {
    readonly sku: string;
    readonly orderIds: string[];
    readonly end: (isLost: boolean) => void;
  }[] = [];
  const skuObject = (sku: string) => ({
    run: (commands: readonly SkuCommand[]) =>
      new Promise<CommandResult[]>((resolve, reject) => {
        const end = (isLost: boolean) => {
          if (isLost) reject(new Error("no answer"));
          else resolve(commands.map(() => SOLD_OUT));
        };
        calls.push({ sku, orderIds: commands.map(({ orderId }) => orderId), end });
      }),
  });
  const lanes = new Lanes(skuObject as unknown as SkuObjects, () => NOW);
  const reserve = (sku: string, orderId: string) =>
    lanes
      .send(sku, { kind: "reserve", ...reserveCommand(orderId, { askAt: NOW + 60_000 }) })
      .catch(() => undefined);
  /** One call that ends, with one order in it. */
  async function call(sku: string, orderId: string, isLost: boolean): Promise<void> {
    const reserving = reserve(sku, orderId);
    calls.at(-1)?.end(isLost);
    await reserving;
  }
  return { lanes, calls, reserve, call };
}

/** A SKU that was just sold out and has a call under way and a command that waits; then one order more. */
async function isTold(
  { reserve, call, calls }: ReturnType<typeof soldOutLanes>,
  orderId: string,
): Promise<boolean> {
  await call("hot", "first", false);
  void reserve("hot", "under way");
  void reserve("hot", "waits");
  const before = calls.length;
  const outcome = await Promise.race([reserve("hot", orderId), new Promise((later) => setTimeout(later, 0))]);
  expect(calls).toHaveLength(before);
  return outcome !== undefined;
}

it("tells an order that a busy SKU is sold out, as it was a moment ago", async () => {
  expect(await isTold(soldOutLanes(), "next")).toBe(true);
});

it("asks for an order whose last call brought no answer, also once its SKU's idle lane was dropped", async () => {
  const world = soldOutLanes();
  await world.call("hot", "unlucky", true);
  // More SKUs than a shard keeps idle lanes for.
  for (let sku = 0; sku < 1_001; sku++) await world.call(`sku-${sku}`, "other", false);
  expect(await isTold(world, "unlucky")).toBe(false);
});

it("asks for every order while a former instance's holds may be there", async () => {
  const world = soldOutLanes();
  world.lanes.askUntil(NOW + 1);
  expect(await isTold(world, "next")).toBe(false);
});

it("asks for every order once more of them are without an answer than it keeps, for a minute", () => {
  let now = NOW;
  const unanswered = new Unanswered(() => now);
  for (let order = 0; order < 10_000; order++) unanswered.add("hot", `order-${order}`);
  expect(unanswered.has("hot", "next")).toBe(false);
  unanswered.add("hot", "one too many");
  expect(unanswered.has("hot", "order-0")).toBe(true);
  expect(unanswered.has("hot", "next")).toBe(true);
  now += 60_000;
  expect(unanswered.has("hot", "next")).toBe(false);
  expect(unanswered.has("hot", "one too many")).toBe(true);
});
