import { describe, expect, it } from "vitest";
import { createTelemetry } from "../../adapters/telemetry/telemetry.ts";
import { NotificationMessage, PaymentMessage } from "../../contracts/messages.ts";
import type { Intent } from "../../domain/order/payment-operation.ts";
import { DAILY, EVERY_MINUTE, runScheduled } from "./index.ts";
import type { CatalogSku } from "./tend-skus.ts";

function intent(index: number, orderId: string | null = `order-${index}`): Intent {
  return {
    id: `pi_${index}`,
    amountMinor: 100,
    currency: "USD",
    status: "requires_capture",
    capturedMinor: 0,
    lastError: null,
    orderId,
    operationId: null,
  };
}

const terms = { version: 1, unitAmountMinor: 100, currency: "USD", purchaseLimit: null, opensAt: null };
const skus: CatalogSku[] = ["SKU-A", "SKU-B", "SKU-C"].map((sku) => ({
  sku,
  terms,
  initialStock: { id: `initial:${sku}`, quantity: 5 },
}));

function world() {
  const done: string[] = [];
  const sent: unknown[][] = [];
  const looked: number[] = [];
  const announced: unknown[] = [];
  const lines: string[] = [];
  const state = {
    done,
    sent,
    looked,
    lines,
    uncaptured: [intent(1)],
    catalogAway: false,
    brokenSku: "",
    announced,
    forgotten: 0,
    erasures: 0,
    waitingIsAway: false,
  };
  const deps = {
    listSkus: () => (state.catalogAway ? Promise.reject(new Error("no catalog")) : Promise.resolve(skus)),
    configureSku: ({ sku }: CatalogSku) => {
      if (sku === state.brokenSku) return Promise.reject(new Error("object restarted"));
      done.push(`configured ${sku}`);
      return Promise.resolve();
    },
    sweepSku: (sku: string) => {
      done.push(`swept ${sku}`);
      return Promise.resolve();
    },
    listUncaptured: (limit: number) => {
      looked.push(limit);
      return Promise.resolve(state.uncaptured);
    },
    sendPayments: (messages: unknown[]) => {
      sent.push(messages);
      return Promise.resolve();
    },
    listDueStock: () =>
      state.waitingIsAway
        ? Promise.reject(new TypeError("fetch failed"))
        : Promise.resolve([{ kind: "restock" as const, subject: "SKU-A" }]),
    sendNotifications: (messages: unknown[]) => {
      announced.push(...messages);
      return Promise.resolve();
    },
    erasePersons: () => {
      state.erasures += 1;
      return Promise.resolve(0);
    },
    forgetStockNotices: () => {
      state.forgotten += 1;
      return Promise.resolve(1);
    },
    clock: () => 1_000,
    telemetry: createTelemetry({ metrics: null, write: (_level, line) => lines.push(line) }),
  };
  return { state, deps };
}

describe("every minute", () => {
  it("gives each SKU its terms before it is swept", async () => {
    const { state, deps } = world();
    await runScheduled(EVERY_MINUTE, deps);
    expect(state.done.filter((line) => line.endsWith("SKU-A"))).toEqual(["configured SKU-A", "swept SKU-A"]);
    expect(state.done).toHaveLength(6);
  });

  it("goes on with the others when one SKU fails", async () => {
    const { state, deps } = world();
    state.brokenSku = "SKU-B";
    await runScheduled(EVERY_MINUTE, deps);
    expect(state.done).toHaveLength(4);
    expect(state.lines.join()).toContain("sku.not_tended");
  });

  it("hands uncaptured intents to their orders as messages the consumer reads", async () => {
    const { state, deps } = world();
    state.uncaptured = [...Array.from({ length: 150 }, (_, index) => intent(index)), intent(999, null)];
    await runScheduled(EVERY_MINUTE, deps);
    expect(state.sent.map((messages) => messages.length)).toEqual([100, 50]);
    expect(state.sent.flat().every((message) => PaymentMessage.safeParse(message).success)).toBe(true);
  });

  it("still looks for uncaptured intents when there is no catalog, and says what failed", async () => {
    const { state, deps } = world();
    state.catalogAway = true;
    await runScheduled(EVERY_MINUTE, deps);
    expect(state.sent).toHaveLength(1);
    expect(state.lines.join()).toContain("job.failed");
  });
});

describe("those who wait for stock", () => {
  it("are told of by messages that the consumer reads", async () => {
    const { state, deps } = world();
    await runScheduled(EVERY_MINUTE, deps);
    expect(state.announced.map((message) => NotificationMessage.parse(message))).toEqual([
      { v: 1, type: "stock_notices.due", kind: "restock", subject: "SKU-A" },
    ]);
  });

  it("wait for Postgres where it is away, and hold up nothing else", async () => {
    const { state, deps } = world();
    state.waitingIsAway = true;
    await runScheduled(EVERY_MINUTE, deps);
    expect(state.announced).toEqual([]);
    expect(state.done).toHaveLength(6);
  });

  it("are forgotten once a day, where it is over", async () => {
    const { state, deps } = world();
    await runScheduled(EVERY_MINUTE, deps);
    expect(state.forgotten).toBe(0);
    await runScheduled(DAILY, deps);
    expect(state.forgotten).toBe(1);
  });
});

describe("persons whose account was removed", () => {
  it("leave their orders every minute, whatever else fails", async () => {
    const { state, deps } = world();
    state.catalogAway = true;
    await runScheduled(EVERY_MINUTE, deps);
    expect(state.erasures).toBe(1);
  });
});

describe("other crons", () => {
  it("look further back once a day", async () => {
    const { state, deps } = world();
    await runScheduled(EVERY_MINUTE, deps);
    await runScheduled(DAILY, deps);
    expect(state.looked[1]).toBeGreaterThan(state.looked[0] ?? 0);
  });

  it("refuse an expression nobody knows", async () => {
    await expect(runScheduled("0 0 1 1 *", world().deps)).rejects.toThrow("no scheduled work");
  });
});
