import { describe, expect, it } from "vitest";
import type { Run } from "../../adapters/postgres/reconciliations.ts";
import type { ReconciliationStep, RunCursor, RunScope } from "../../contracts/reconciliation.ts";
import type { OrderFacts } from "../../domain/reconciliation/facts.ts";
import { consume, recordSettlement } from "../consumer-test-fixture.ts";
import { beginningOf, consumeReconciliation } from "./consumer.ts";
import type { ReconciliationDeps } from "./deps.ts";

const NOW = Date.UTC(2026, 10, 30);
const ORDERS = 100_000;
const PAGE = 200;

function order(number: number): OrderFacts {
  return {
    orderId: String(number).padStart(6, "0"),
    status: "paid",
    version: 1,
    confirmedVersion: 1,
    lines: [{ sku: `SKU-${number % 50}`, quantity: 1 }],
    totalMinor: 100,
    units: "committed",
    isMoving: false,
    intentId: `pi_${number}`,
    capturedMinor: 100,
    refundedMinor: 0,
    returned: [],
    isDisputeKnown: false,
  };
}

/** Two shards with orders that agree with everything, and one run. */
function world(scope: RunScope, orders = 1_000) {
  const queue: ReconciliationStep[] = [];
  const parts: RunCursor["part"][] = [];
  let calls = 0;
  const called = <T>(answer: T): Promise<T> => {
    calls += 1;
    return Promise.resolve(answer);
  };
  const sums = { available: 0, held: 0, sold: 0, received: 0, adjusted: 0 };
  let run: Run = {
    id: "run",
    scope,
    since: scope === "since" ? new Date(NOW) : null,
    status: "running",
    step: 0,
    cursor: beginningOf(scope === "resync" ? "orders" : "intents"),
    startedAt: new Date(NOW),
    updatedAt: new Date(NOW),
    finishedAt: null,
  };
  const pageFrom = (after: string | null) => {
    const first = after === null || after === "" ? 0 : Number(after) + 1;
    const items = Array.from({ length: Math.min(PAGE, orders - first) }, (_, index) => order(first + index));
    return { items, next: first + PAGE < orders ? (items.at(-1)?.orderId ?? null) : null };
  };
  const deps: ReconciliationDeps = {
    ...recordSettlement(),
    clock: () => NOW,
    readRun: () => called(run),
    stepTaken(taken, _findings, next) {
      if (taken.step !== run.step) return called(false);
      parts.push(run.cursor.part);
      run = {
        ...run,
        step: run.step + 1,
        status: next === null ? "done" : "running",
        cursor: next ?? run.cursor,
      };
      return called(true);
    },
    sendStep(message) {
      queue.push(message);
      return called(undefined);
    },
    shardNames: ["orders-0", "orders-1"],
    isOrderId: () => true,
    ordersOf(shard, { after }) {
      if (shard !== "orders-0") return called({ orders: [], next: null });
      const { items, next } = pageFrom(after);
      return called({ orders: items, next });
    },
    findOrders: (ids) => called(ids.map((id) => order(Number(id)))),
    resendOrders: () => called(undefined),
    unitsAt: (_sku, ids) => called(ids.map((orderId) => ({ orderId, sold: 1, returned: 0 }))),
    soldAt: () => called({ sold: [], next: null }),
    ledgerAt: (sku) => called({ sku, confirmedThrough: 0, sumsThen: sums }),
    ledgerBase: () => called({ confirmedThrough: 1, sums }),
    settleAt: () => called(undefined),
    listMoney: () => called({ items: [], next: null }),
    listRefundedIntents: () => called({ items: [], next: null }),
    listDisputedIntents: () => called({ items: [], next: null }),
    readMoney: () => called(null),
    sendPayments: () => called(undefined),
    copiedVersions: (ids) => called(new Map(ids.map((id) => [id, 1]))),
    markListed: () => called(undefined),
    listedSince: (ids) => called(new Set(ids)),
    listLedgers: ({ after }) => called(after === "" ? ["SKU-1", "SKU-2"] : []),
    readLedgerCopy: () => called({ completeThrough: 0, entries: 0, sums }),
    bridgeLedger: () => called(true),
  };
  return {
    deps,
    queue,
    parts,
    run: () => run,
    calls: () => calls,
    deliver: (...bodies: ReconciliationStep[]) =>
      consume(
        "reconciliation",
        bodies.map((body) => ({ body })),
        (batch) => consumeReconciliation(batch, deps),
      ),
  };
}

const step = (number: number): ReconciliationStep => ({
  v: 1,
  type: "reconciliation.step",
  id: "run",
  step: number,
});

/** Delivers each message that was sent, and answers the most calls that one of them made. */
async function runToTheEnd(each: ReturnType<typeof world>): Promise<number> {
  let most = 0;
  for (let next: ReconciliationStep | undefined = step(0); next !== undefined; next = each.queue.shift()) {
    const before = each.calls();
    await each.deliver(next);
    most = Math.max(most, each.calls() - before);
  }
  return most;
}

describe("a run of reconciliation", () => {
  it.each([
    ["full", ["intents", "orders", "skus"]],
    ["since", ["intents", "refunds", "disputes", "orders", "skus"]],
    ["resync", ["orders", "skus"]],
  ] as const)("that is %s goes through its parts in order and ends", async (scope, parts) => {
    const each = world(scope);
    await runToTheEnd(each);
    expect(each.run().status).toBe("done");
    expect([...new Set(each.parts)]).toEqual(parts);
  });

  it("over a hundred thousand orders stays far below the calls that an invocation may make", async () => {
    const each = world("full", ORDERS);
    const most = await runToTheEnd(each);
    expect(each.run().status).toBe("done");
    expect(each.parts.filter((part) => part === "orders")).toHaveLength(ORDERS / PAGE + 1);
    expect(most).toBeLessThan(200);
  });

  it("takes a step once, however often its message comes", async () => {
    const each = world("full");
    const outcome = await each.deliver(step(0), step(0));
    expect(outcome.acknowledged).toEqual([0, 1]);
    expect(each.queue).toEqual([step(1)]);
    expect(each.run().step).toBe(1);
    await each.deliver(step(5));
    expect(each.run().step).toBe(1);
  });

  it("is tried again later where a part does not answer, and no step is lost", async () => {
    const each = world("full");
    const away = { ...each.deps, listMoney: () => Promise.reject(new TypeError("fetch failed")) };
    const outcome = await consume("reconciliation", [{ body: step(0) }], (batch) =>
      consumeReconciliation(batch, away),
    );
    expect(Object.keys(outcome.retried)).toEqual(["0"]);
    expect(each.run().step).toBe(0);
    expect(each.queue).toEqual([]);
    await each.deliver(step(0));
    expect(each.run().step).toBe(1);
  });
});
