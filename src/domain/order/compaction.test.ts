/** An order that nobody works on any more: when it is compacted, to what, and what can still happen to it. */
import { describe, expect, it } from "vitest";
import {
  COMPACT_AFTER_MS,
  compacted,
  compactsAt,
  stateOf,
  storedForm,
  type StoredOrder,
} from "./compaction.ts";
import { snapshotConfirmed } from "./next-step.ts";
import {
  AUTHORISED,
  CANCELED,
  intent,
  paying,
  reserved,
  SUCCEEDED,
  T0,
  TOTAL,
  shownRefund,
} from "./order-test-fixture.ts";
import {
  cancelByShopper,
  observeIntent,
  operationDone,
  operationOwed,
  unitsCommitted,
  unitsSettled,
} from "./payment.ts";
import { recordOf, type OrderState } from "./state.ts";

const persisted = (state: OrderState): OrderState => snapshotConfirmed(state, state.version, true, T0);

/** As an account's order for limited units: with everything that points at a person. */
const personal = (state: OrderState): OrderState => ({
  ...state,
  accountId: "account-of-ada",
  payer: { phase: "judged", key: "card-of-ada" },
});

/** Paid, its e-mail sent, all of it in Postgres. */
function paid(): OrderState {
  const authorised = observeIntent(paying(), intent(AUTHORISED), null, T0);
  const captured = observeIntent(unitsCommitted(authorised, T0), intent(SUCCEEDED), null, T0);
  return personal(persisted({ ...captured, notice: null }));
}
const delivered = (): OrderState => persisted({ ...paid(), status: "delivered", version: 9 });
const cancelled = (): OrderState =>
  personal(persisted(unitsSettled(cancelByShopper(reserved(), T0).state, T0)));

/** As its row holds it, and as it is read from there. */
const written = (state: OrderState): string => JSON.stringify(storedForm(state));
const readBack = (state: OrderState): OrderState => stateOf(JSON.parse(written(state)) as StoredOrder);

describe("when an order is compacted", () => {
  it.each([
    ["cancelled", cancelled()],
    ["expired", { ...cancelled(), status: "expired" as const }],
    ["delivered", delivered()],
    ["refunded", { ...delivered(), status: "refunded" as const }],
  ])("is thirty days after its last change where it is %s", (_, state) => {
    expect(compactsAt(state)).toBe(state.updatedAt + COMPACT_AFTER_MS);
  });

  it.each([
    ["is open", persisted(reserved())],
    ["is paid for and on its way", paid()],
    ["owes something at Stripe", persisted(unitsSettled(cancelByShopper(paying(), T0).state, T0))],
    ["holds units that are to go back", persisted(cancelByShopper(reserved(), T0).state)],
    ["is not in Postgres as it is now", { ...delivered(), version: 10 }],
    ["has a contact that is not in Postgres", { ...delivered(), contactPersisted: false }],
    [
      "has an e-mail to be sent",
      { ...delivered(), notice: { kind: "order_confirmed" as const, attempts: 1, nextAt: T0 } },
    ],
    ["was compacted before", compacted(delivered())],
  ])("is never while it %s", (_, state) => {
    expect(compactsAt(state)).toBeNull();
  });
});

describe("a compact order", () => {
  it.each([
    ["cancelled", cancelled()],
    ["delivered", delivered()],
  ])("reads as before where it is %s", (_, state) => {
    const read = readBack(compacted(state));
    expect(recordOf(read)).toEqual(recordOf(state));
    expect(read).toMatchObject({
      decision: state.decision,
      units: state.units,
      capturedMinor: state.capturedMinor,
      refundedMinor: state.refundedMinor,
      operationCount: state.operationCount,
      confirmedVersion: state.version,
    });
  });

  it("reads as it was made, so that memory and row never differ", () => {
    expect(readBack(compacted(delivered()))).toEqual(compacted(delivered()));
  });

  it("has neither its person nor a secret of the payment", () => {
    const row = written(compacted(delivered()));
    for (const trace of ["buyer-1", "account-of-ada", "card-of-ada", "pi_1_secret"]) {
      expect(written(delivered())).toContain(trace);
      expect(row).not.toContain(trace);
    }
    expect(row).toContain("pi_1");
  });

  it("keeps the fields that a later build has added", () => {
    const later = { ...delivered(), gifts: ["ribbon"] };
    expect(readBack(compacted(later))).toMatchObject({ gifts: ["ribbon"] });
  });

  it("is written in full while something is owed, and in short again once Postgres has what came of it", () => {
    const compact = readBack(compacted(delivered()));
    const stray = { id: "pi_2", operationId: "order-1:create:2" };
    const owing = readBack(observeIntent(compact, intent({ ...SUCCEEDED, ...stray }), null, T0 + 1));
    expect(operationOwed(owing, T0 + 1)).toMatchObject({
      kind: "refund",
      intentId: "pi_2",
      amountMinor: TOTAL,
    });
    expect(owing.obligations[0]?.n).toBe(compact.operationCount + 1);
    const n = owing.operationCount;
    const refunded = operationDone(
      owing,
      { kind: "refund", n, outcome: "refunded", refund: shownRefund(n) },
      T0 + 2,
    );
    expect(written(refunded).length).toBeLessThan(written(owing).length);
    expect(readBack(refunded)).toMatchObject({ obligations: [], status: "delivered" });
  });

  it("is not brought back to life by a late view of its payment", () => {
    const compact = readBack(compacted(delivered()));
    expect(observeIntent(compact, intent(CANCELED), null, T0 + 1)).toMatchObject({ status: "delivered" });
    expect(observeIntent(compact, intent(AUTHORISED), null, T0 + 1)).toBe(compact);
  });
});
