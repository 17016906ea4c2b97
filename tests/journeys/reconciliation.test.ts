/**
 * Twelve kinds of drift between SKU objects, ledger, orders and Stripe: each is made on purpose, found by its name, and repaired where
 * that is safe. What a store never does by itself is done to the rows of its objects and of Postgres while the Worker is down.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import type { PlacedOrder } from "../../src/contracts/orders.ts";
import type { Reconciliation } from "../../src/contracts/reconciliation.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { ownStore } from "../harness/own-store.ts";
import { EVENTUALLY_MS, expectStatus } from "../harness/store.ts";

const running = ownStore();
const store = () => running().store;

interface Bought {
  readonly placed: PlacedOrder;
  readonly sku: string;
  readonly intentId: string;
}

async function paid(card = "pm_card_visa"): Promise<Bought> {
  const sku = await store().stock.skuWith(3);
  const placed = await store().placed({ lines: [{ sku, quantity: 1 }] });
  const intentId = await store().pay(placed, card);
  await store().until(placed, "paid");
  return { placed, sku, intentId };
}

/** Authorised at Stripe, which the store has not heard. */
async function authorisedUnheard(): Promise<Bought> {
  const sku = await store().stock.skuWith(3);
  const placed = await store().placed({ lines: [{ sku, quantity: 1 }] });
  const intentId = await store().pay(placed);
  return { placed, sku, intentId };
}

/** Does this to the rows of the object that has them; the Worker is down meanwhile. */
function editRows(
  kind: "OrderShard" | "SkuInventory",
  orderId: string,
  edit: (rows: DatabaseSync) => void,
): void {
  const folder = join(running().place.persistDirectory, "do", `holdfast-${kind}`);
  const [table, column] = kind === "OrderShard" ? ["orders", "id"] : ["holds", "order_id"];
  for (const file of readdirSync(folder).filter(
    (name) => name.endsWith(".sqlite") && name !== "metadata.sqlite",
  )) {
    const rows = new DatabaseSync(join(folder, file));
    try {
      const tables = rows.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").all(table);
      if (tables.length === 0) continue;
      if (rows.prepare(`SELECT 1 FROM ${table} WHERE ${column} = ?`).all(orderId).length === 0) continue;
      edit(rows);
      return;
    } finally {
      rows.close();
    }
  }
  throw new Error(`no object has rows of ${orderId}`);
}

const setState = (orderId: string, path: string, value: string) => {
  editRows("OrderShard", orderId, (rows) => {
    rows
      .prepare(`UPDATE orders SET state = json_set(state, '${path}', json(?)) WHERE id = ?`)
      .run(value, orderId);
  });
};

async function reconcile(
  body: object = { scope: "full" },
  path = "/api/ops/reconciliations",
): Promise<Reconciliation> {
  const { id } = expectStatus(await store().ops("POST", path, body), 202) as Reconciliation;
  let last: Reconciliation | null = null;
  return await waitFor(
    async () => {
      last = expectStatus(await store().ops("GET", `/api/ops/reconciliations/${id}`), 200) as Reconciliation;
      return last.status === "running" ? false : last;
    },
    { what: "the reconciliation to end", timeoutMs: 2 * EVENTUALLY_MS, explain: () => JSON.stringify(last) },
  );
}

const line = ({ kind, action, orderId, sku, intentId }: Reconciliation["findings"][number]) =>
  [kind, action, orderId ?? "", sku ?? "", intentId ?? ""].join(" ");

describe("reconciliation", () => {
  it(
    "finds twelve kinds of drift by their names, repairs those that are safe, and changes nothing the next time",
    { timeout: 600_000 },
    async () => {
      const missingRow = await paid();
      const overstated = await paid();
      const vanished = await paid();
      const unheld = await paid();
      const refundedHere = await paid();
      const returnedTwice = await paid();
      const refundedThere = await paid();
      const gap = await paid();
      const all = [missingRow, overstated, vanished, unheld, refundedHere, returnedTwice, refundedThere, gap];
      await store().rowsWhere<{ status: string }>(
        "the paid orders in Postgres",
        ["select status from orders where order_id = any ($1)", [all.map(({ placed }) => placed.orderId)]],
        (rows) => rows.length === all.length && rows.every(({ status }) => status === "paid"),
      );
      expect((await reconcile()).findings).toEqual([]);

      // From here on nothing that happens at Stripe is heard.
      await store().stripe.faults({ webhook: { drop: 1 } });
      const captured = await authorisedUnheard();
      await store().stripe.captureAtDashboard(captured.intentId);
      const partly = await authorisedUnheard();
      await store().stripe.captureAtDashboard(partly.intentId, 100);
      await store().stripe.refundAtDashboard(refundedThere.intentId, 100);
      const sku = await store().stock.skuWith(3);
      const disputedOrder = await store().placed({ lines: [{ sku, quantity: 1 }] });
      const disputed = {
        placed: disputedOrder,
        sku,
        intentId: await store().pay(disputedOrder, "pm_card_createDispute"),
      };
      store().tickCron();
      await store().until(disputed.placed, "paid");
      const later = [captured, partly, disputed].map(({ placed }) => placed.orderId);
      await store().rowsWhere<{ order_id: string }>(
        "the later orders in Postgres",
        ["select order_id from orders where order_id = any ($1)", [later]],
        (rows) => rows.length === later.length,
      );

      await store().rows(
        `set session_replication_role = replica;
        delete from stock_ledger where sku = '${gap.sku}' and sequence = 1;
        delete from order_lines where order_id = '${missingRow.placed.orderId}';
        delete from order_timeline where order_id = '${missingRow.placed.orderId}';
        delete from payments where order_id = '${missingRow.placed.orderId}';
        delete from orders where order_id = '${missingRow.placed.orderId}'`,
      );
      await running().killWorker();
      setState(overstated.placed.orderId, "$.capturedMinor", String(overstated.placed.totals.total + 100));
      editRows("OrderShard", vanished.placed.orderId, (rows) => {
        rows.prepare("DELETE FROM orders WHERE id = ?").run(vanished.placed.orderId);
      });
      editRows("SkuInventory", unheld.placed.orderId, (rows) => {
        rows.prepare("DELETE FROM holds WHERE order_id = ?").run(unheld.placed.orderId);
      });
      editRows("SkuInventory", returnedTwice.placed.orderId, (rows) => {
        const { orderId } = returnedTwice.placed;
        rows.prepare("DELETE FROM holds WHERE order_id = ?").run(orderId);
        rows.prepare("INSERT INTO commands (id, effect, at) VALUES (?, 1, 0)").run(`${orderId}:second`);
      });
      const refund = {
        id: "made-up",
        cause: "ops",
        amountMinor: 50,
        status: "succeeded",
        lines: [],
        shippingMinor: 0,
        returned: null,
        request: null,
        n: null,
        stripeId: "re_made_up",
        failure: null,
        requestedAt: 0,
        updatedAt: 0,
      };
      setState(refundedHere.placed.orderId, "$.refunds", JSON.stringify([refund]));
      setState(refundedHere.placed.orderId, "$.refundedMinor", "50");
      await running().startWorker();

      const money = (kind: string, action: string, { placed, intentId }: Bought) =>
        [kind, action, placed.orderId, "", intentId].join(" ");
      const units = (kind: string, action: string, bought: Bought) =>
        [kind, action, bought.placed.orderId, bought.sku, ""].join(" ");
      const left = [
        money("orphan_intent", "alerted", vanished),
        money("paid_not_captured", "alerted", overstated),
        money("part_capture", "alerted", partly),
        ["ledger_gap", "alerted", "", gap.sku, ""].join(" "),
        units("sold_without_order", "alerted", vanished),
        units("order_without_units", "alerted", unheld),
        money("refund_only_here", "alerted", refundedHere),
        units("units_returned_twice", "alerted", returnedTwice),
      ].toSorted();
      const repaired = [
        ["missing_order_row", "resent", missingRow.placed.orderId, "", ""].join(" "),
        money("captured_not_paid", "told", captured),
        money("refund_only_at_stripe", "reviewed", refundedThere),
        money("dispute_unseen", "reviewed", disputed),
      ];
      const first = await reconcile();
      expect(first.status).toBe("done");
      expect(first.findings.map(line).toSorted()).toEqual([...left, ...repaired].toSorted());

      await store().until(captured.placed, "paid");
      await store().orderWhere(
        refundedThere.placed,
        "to know the refund",
        ({ refunded }) => refunded === 100,
      );
      await store().rowsWhere<{ status: string }>(
        "the lost copy",
        ["select status from orders where order_id = $1", [missingRow.placed.orderId]],
        ([row]) => row?.status === "paid",
      );
      await store().rowsWhere<{ id: string }>(
        "the dispute in Postgres",
        [
          "select order_id as id from orders where order_id = $1 and disputes <> '[]'",
          [disputed.placed.orderId],
        ],
        (rows) => rows.length === 1,
      );
      const second = await waitFor(
        async () => {
          const run = await reconcile();
          return run.findings.every(({ action }) => action === "alerted") ? run : false;
        },
        { what: "a run that repairs nothing", timeoutMs: EVENTUALLY_MS },
      );
      expect(second.findings.map(line).toSorted()).toEqual(left);
      const versions = () => store().rows("select order_id, version from orders order by 1");
      const before = await versions();
      expect((await reconcile()).findings.map(line).toSorted()).toEqual(left);
      expect(await versions()).toEqual(before);

      // What changed lately is found by the incremental run, too.
      const since = new Date(Date.now() - 3_600_000).toISOString();
      expect((await reconcile({ scope: "since", since })).findings.map(line).toSorted()).toEqual(left);

      // The ledger's copy is bridged by a resync.
      await reconcile({ reason: "restored" }, "/api/ops/resync");
      expect((await reconcile()).findings.map(({ kind }) => kind)).not.toContain("ledger_gap");
    },
  );

  it(
    "after a restore of Postgres has orders sent again and ledgers move again",
    { timeout: 300_000 },
    async () => {
      await store().stripe.faults();
      const { placed, sku } = await paid();
      const ledgerOf = () =>
        store().rows<{ through: string }>(
          "select complete_through::text as through from ledger_progress where sku = $1",
          [sku],
        );
      const isThrough = async () => {
        const { ledgerSequence } = await store().stock.figures(sku);
        const [row] = await ledgerOf();
        return Number(row?.through) === ledgerSequence;
      };
      await waitFor(isThrough, { what: "the ledger in Postgres", timeoutMs: EVENTUALLY_MS });
      await store().rowsWhere<{ status: string }>(
        "the paid order in Postgres",
        ["select status from orders where order_id = $1", [placed.orderId]],
        ([row]) => row?.status === "paid",
      );
      expect((await reconcile()).findings.filter((finding) => finding.sku === sku)).toEqual([]);

      // As Postgres was when the SKU had its first unit.
      await store().rows(
        `set session_replication_role = replica;
      delete from stock_ledger where sku = '${sku}' and sequence > 1;
      update ledger_progress set complete_through = 1 where sku = '${sku}';
      delete from order_lines where order_id = '${placed.orderId}';
      delete from order_timeline where order_id = '${placed.orderId}';
      delete from payments where order_id = '${placed.orderId}';
      delete from order_contacts where order_id = '${placed.orderId}';
      delete from orders where order_id = '${placed.orderId}'`,
      );
      await reconcile({ reason: "Postgres was restored" }, "/api/ops/resync");
      await store().rowsWhere<{ status: string; email: string | null }>(
        "the order and its contact",
        [
          "select status, email from orders join order_contacts using (order_id) where order_id = $1",
          [placed.orderId],
        ],
        ([row]) => row?.status === "paid" && row.email !== null,
      );
      await store().placed({ lines: [{ sku, quantity: 1 }] });
      await waitFor(isThrough, { what: "the ledger to move again", timeoutMs: EVENTUALLY_MS });
      const rows = await store().rows<{ kind: string; entries: string }>(
        "select kind, reference as entries from stock_ledger where sku = $1 and kind = 'restored'",
        [sku],
      );
      expect(rows).toHaveLength(1);
      const about = ({ sku: named, orderId }: Reconciliation["findings"][number]) =>
        named === sku || orderId === placed.orderId;
      expect((await reconcile()).findings.filter(about)).toEqual([]);
      // Nothing is left to bridge.
      await reconcile({ reason: "again" }, "/api/ops/resync");
      expect((await reconcile()).findings.filter(about)).toEqual([]);
    },
  );

  it("refuses a scope without its moment, and one that does not know it", async () => {
    const begin = (body: object) => store().ops("POST", "/api/ops/reconciliations", body);
    expectProblem(await begin({ scope: "since" }), "validation_failed");
    expectProblem(await begin({ scope: "full", since: new Date().toISOString() }), "validation_failed");
    expectProblem(await store().ops("GET", "/api/ops/reconciliations/none"), "not_found");
    expectProblem(await store().ops("POST", "/api/ops/resync", {}), "validation_failed");
  });
});
