/** What an order does next by itself, and when it wakes up. */
import { describe, expect, it } from "vitest";
import { COMPACT_AFTER_MS, compacted } from "./compaction.ts";
import * as next from "./next-step.ts";
import { AUTHORISED, DURATIONS, intent, paying, reserved, T0 } from "./order-test-fixture.ts";
import {
  beginPayment,
  cancelByShopper,
  dueReached,
  observeIntent,
  unitLost,
  unitsSettled,
} from "./payment.ts";
import { deadlineOf, SNAPSHOT_DELAY_MS, type OrderState } from "./state.ts";

const DUE = T0 + DURATIONS.holdMs;
/** Everything of the order is in Postgres. */
const persisted = (state: OrderState): OrderState => next.snapshotConfirmed(state, state.version, true, T0);

describe("the next step at the SKU objects", () => {
  it.each([
    ["reserved", reserved(), null],
    ["about to be paid beyond its hold", beginPayment(reserved(), DUE - 1), "extend"],
    ["authorised", observeIntent(paying(), intent(AUTHORISED), null, T0), "commit"],
    ["cancelled", cancelByShopper(paying(), T0).state, "settle"],
    ["cancelled and settled", unitsSettled(cancelByShopper(paying(), T0).state, T0), null],
    [
      "cancelled while it was extended",
      cancelByShopper(beginPayment(reserved(), DUE - 1), DUE - 1).state,
      "settle",
    ],
  ])("of an order that is %s", (_, state, step) => {
    expect(next.nextUnitStep(state)).toBe(step);
  });
});

describe("the alarm", () => {
  it("comes soon while a step is to be taken", () => {
    const { state } = cancelByShopper(reserved(), T0);
    expect(next.nextWakeAt(state, T0)).toBe(T0);
    expect(next.nextWakeAt(next.snapshotSent(state, T0, 0), T0)).toBe(T0 + next.STEP_PATIENCE_MS);
  });

  it("comes later each time for a step that a SKU does not answer, up to a minute, and soon again after an answer", () => {
    let { state } = cancelByShopper(reserved(), T0);
    const waits: number[] = [];
    for (let count = 0; count < 8; count++) {
      state = next.stepFailed(state, T0, 0);
      waits.push((state.stepRetry?.nextAt ?? 0) - T0);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(next.nextWakeAt(persisted(state), T0)).toBe(T0 + 30_000);
    expect(next.nextWakeAt(persisted(state), T0 + 30_000)).toBe(T0 + 30_000 + next.STEP_PATIENCE_MS);
    expect(next.stepAnswered(state).stepRetry).toBeNull();
  });

  it("comes for the first snapshot of a new order a moment after it was placed", () => {
    expect(next.nextWakeAt(reserved(), T0)).toBe(T0 + SNAPSHOT_DELAY_MS);
  });

  it("comes at the order's deadline once Postgres has it", () => {
    expect(next.nextWakeAt(persisted(reserved()), T0)).toBe(DUE);
    const begun = persisted(paying(DUE - 1));
    expect(next.nextWakeAt(begun, T0)).toBe(deadlineOf(begun));
  });

  it("comes for the snapshot until Postgres has both the newest version and the contact", () => {
    const sent = next.snapshotSent(reserved(), T0, 0);
    expect(next.nextWakeAt(sent, T0)).toBe(T0 + next.SEND_AGAIN.baseMs / 2);
    expect(next.nextWakeAt(next.snapshotConfirmed(sent, 1, false, T0), T0)).toBe(T0);
    expect(next.nextWakeAt(next.snapshotConfirmed(sent, 1, true, T0), T0)).toBe(DUE);
  });

  it("does not come again for the deadline while Stripe is asked", () => {
    const asked = next.obligationsAsked(persisted(dueReached(paying(), DUE)), DUE, 0);
    expect(next.nextWakeAt(asked, DUE)).toBe(DUE + next.ASK_AGAIN.baseMs / 2);
  });

  it("is not needed by an order that waits for nothing but others", () => {
    expect(next.nextWakeAt({ ...persisted(paying()), status: "paid" }, T0)).toBeNull();
  });

  it("comes for an order that is closed once more, to compact it", () => {
    const settled = persisted(unitsSettled(cancelByShopper(reserved(), T0).state, T0));
    expect(next.nextWakeAt(settled, T0)).toBe(T0 + COMPACT_AFTER_MS);
    expect(next.nextWakeAt(compacted(settled), T0 + COMPACT_AFTER_MS)).toBeNull();
  });
});

describe("sending again", () => {
  it("waits longer each time, up to a limit", () => {
    let state = reserved();
    const waits: number[] = [];
    for (let count = 0; count < 8; count++) {
      state = next.snapshotSent(state, T0, 0);
      waits.push(state.outbox.nextAt - T0);
    }
    expect(waits).toEqual([4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 150_000, 150_000]);
  });

  it("starts anew when Postgres got further, and the newer version is due at once", () => {
    const moved = { ...next.snapshotSent(reserved(), T0, 0), version: 3 };
    const confirmed = next.snapshotConfirmed(moved, 1, true, T0 + 5);
    expect(confirmed).toMatchObject({ confirmedVersion: 1, outbox: { attempts: 0, nextAt: T0 + 5 } });
  });

  it("keeps its pace when a confirmation brings nothing new, so that two sides never hurry each other", () => {
    const sent = next.snapshotSent(next.snapshotConfirmed(reserved(), 1, false, T0), T0, 0);
    expect(next.snapshotConfirmed(sent, 1, false, T0 + 5)).toBe(sent);
    expect(next.snapshotConfirmed(sent, 0, false, T0 + 5)).toBe(sent);
  });

  it("never takes a confirmation for more than there is", () => {
    expect(next.snapshotConfirmed(reserved(), 99, true, T0).confirmedVersion).toBe(1);
  });

  it("that Stripe asked us to put off uses up no attempt", () => {
    const asked = next.obligationsAsked(cancelByShopper(paying(), T0).state, T0, 0);
    const postponed = next.obligationsPostponed(asked, 7_000, T0);
    expect(postponed.obligations[0]).toMatchObject({ attempts: 0, nextAt: T0 + 7_000 });
  });

  it("gives a notice a minute at the least: a rush of e-mails is still leaving", () => {
    const due: OrderState = { ...reserved(), notice: { kind: "order_confirmed", attempts: 0, nextAt: T0 } };
    const asked = next.noticesAsked(due, T0, 0);
    expect(asked.notice).toMatchObject({ attempts: 1, nextAt: T0 + 60_000 });
    const often = { ...due, notice: { kind: "order_confirmed", attempts: 9, nextAt: T0 } } as const;
    expect(next.noticesAsked(often, T0, 0).notice?.nextAt).toBe(T0 + 300_000);
  });

  it("asks only for what is due", () => {
    const cancelled = cancelByShopper(paying(), T0).state;
    const asked = next.obligationsAsked(cancelled, T0, 0);
    expect(asked.obligations[0]).toMatchObject({ attempts: 1, nextAt: T0 + next.ASK_AGAIN.baseMs / 2 });
    expect(next.obligationsAsked(asked, T0 + 1, 0)).toEqual(asked);
  });
});

describe("personal data", () => {
  const cancelled = () => persisted(unitsSettled(cancelByShopper(reserved(), T0).state, T0));

  it("leaves an order that is closed, once Postgres has it and nothing is left to be told", () => {
    expect(next.mayEraseContact(cancelled())).toBe(true);
    expect(next.mayEraseContact({ ...cancelled(), contactPersisted: false })).toBe(false);
    expect(next.mayEraseContact({ ...cancelled(), contactErased: true })).toBe(false);
    expect(next.mayEraseContact(persisted(reserved()))).toBe(false);
    expect(next.mayEraseContact(persisted(unitLost(reserved(), T0)))).toBe(false);
  });
});

describe("a snapshot's time", () => {
  it("waits a moment while the purchase is open, and comes at once when it is settled", () => {
    const authorised = observeIntent(persisted(paying()), intent({ status: "requires_capture" }), null, T0);
    expect(authorised).toMatchObject({ status: "authorised", outbox: { nextAt: T0 + SNAPSHOT_DELAY_MS } });
    const { state } = cancelByShopper(reserved(), T0);
    expect(state).toMatchObject({ status: "cancelled", outbox: { nextAt: T0 } });
  });

  it("is left alone while an earlier one is under way", () => {
    const sent = next.snapshotSent(reserved(), T0, 0);
    expect(cancelByShopper(sent, T0).state.outbox).toEqual(sent.outbox);
  });
});
