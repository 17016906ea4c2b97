import { describe, expect, it } from "vitest";
import { createTelemetry } from "../../adapters/telemetry/telemetry.ts";
import { erasePersons } from "./erase-persons.ts";

/** Orders that may lose the person, and what was done with them. */
function world(
  orders: readonly string[],
  { heldBy = [], failing = [] }: { heldBy?: readonly string[]; failing?: readonly string[] } = {},
) {
  const done: string[] = [];
  const lines: string[] = [];
  const deps = {
    listOrdersToErase: () => Promise.resolve(orders),
    eraseInOrder: (orderId: string) => {
      if (failing.includes(orderId)) return Promise.reject(new Error("object restarted"));
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
    telemetry: createTelemetry({ metrics: null, write: (_level, line) => lines.push(line) }),
    clock: () => 7,
  };
  return { done, deps, lines };
}

describe("taking persons out of orders", () => {
  it("asks the order first, so that nothing it still sends brings the person back", async () => {
    const { done, deps } = world(["a", "b"]);
    expect(await erasePersons(deps)).toBe(2);
    expect(done.indexOf("order a")).toBeLessThan(done.indexOf("history a 7"));
    expect(done.indexOf("order b")).toBeLessThan(done.indexOf("history b 7"));
    expect(done.at(-1)).toBe("finished a,b");
  });

  it("leaves what an order does not let go of for another time", async () => {
    const { done, deps } = world(["a", "b"], { heldBy: ["a"] });
    expect(await erasePersons(deps)).toBe(1);
    expect(done).toEqual(["order a", "order b", "history b 7", "finished b"]);
  });

  it("finishes the others when one order fails, and says which", async () => {
    const { done, deps, lines } = world(["a", "bad", "b"], { failing: ["bad"] });
    expect(await erasePersons(deps)).toBe(2);
    expect(done.at(-1)).toBe("finished a,b");
    expect(lines.join()).toContain("order.person_not_erased");
    expect(lines.join()).toContain("bad");
  });
});
