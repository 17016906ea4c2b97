import { describe, expect, it } from "vitest";
import { erasePersons } from "./erase-persons.ts";

/** Orders that may lose the person, and what was done with them. */
function world(orders: readonly string[], heldBy: readonly string[] = []) {
  const done: string[] = [];
  const deps = {
    listOrdersToErase: () => Promise.resolve(orders),
    eraseInOrder: (orderId: string) => {
      done.push(`order ${orderId}`);
      return Promise.resolve(!heldBy.includes(orderId));
    },
    eraseInHistory: (orderId: string, now: number) => {
      done.push(`history ${orderId} ${String(now)}`);
      return Promise.resolve();
    },
    finishErasures: (erased: readonly string[]) => {
      done.push(`finished ${erased.join()}`);
      return Promise.resolve();
    },
    clock: () => 7,
  };
  return { done, deps };
}

describe("taking persons out of orders", () => {
  it("asks the order first, so that nothing it still sends brings the person back", async () => {
    const { done, deps } = world(["a", "b"]);
    expect(await erasePersons(deps)).toBe(2);
    expect(done).toEqual(["order a", "history a 7", "order b", "history b 7", "finished a,b"]);
  });

  it("leaves what an order does not let go of for another time", async () => {
    const { done, deps } = world(["a", "b"], ["a"]);
    expect(await erasePersons(deps)).toBe(1);
    expect(done).toEqual(["order a", "order b", "history b 7", "finished b"]);
  });
});
