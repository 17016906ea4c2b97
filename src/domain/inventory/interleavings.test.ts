/** A SKU's units under random interleavings of several orders' commands, repeats, late commands and jumps of time. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemoryInventory } from "./memory-inventory.ts";
import * as rules from "./rules.ts";
import type { Decision, UnitDeltas } from "./state.ts";

const SEED = 20_261_122;
const RUNS = 200;
const MAX_COMMANDS = 60;

const HOLD_MS = 100_000;
const STOCK = 6;
const LIMIT = 3;
const UNPAID = 5;
const ORDERS = [0, 1, 2, 3, 4] as const;

/** Two orders to a buyer, and quantities that collide with stock and limit. */
const buyerOf = (order: number) => `buyer-${order >> 1}`;
const quantityOf = (order: number) => 1 + (order % 3);

type Command =
  | { readonly kind: "reserve"; readonly order: number; readonly attempt: number; readonly other: boolean }
  | { readonly kind: "confirm" | "commit" | "settle" | "extend"; readonly order: number }
  | { readonly kind: "release"; readonly order: number; readonly attempt: number }
  | {
      readonly kind: "answer";
      readonly order: number;
      readonly attempt: number;
      readonly answer: rules.HoldAnswer;
    }
  | { readonly kind: "return"; readonly order: number; readonly id: number; readonly quantity: number }
  | { readonly kind: "adjust"; readonly id: number; readonly delta: number }
  | { readonly kind: "wait"; readonly ms: number };

const order = fc.constantFrom(...ORDERS);
const attempt = fc.integer({ min: 1, max: 3 });
const commands: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("reserve"), order, attempt, other: fc.constant(false) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("reserve"), order, attempt, other: fc.constant(true) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom("confirm", "confirm", "commit", "settle", "extend"),
      order,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("release"), order, attempt }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("answer"),
      order,
      attempt,
      answer: fc.constantFrom<rules.HoldAnswer>("open", "unknown", "in_flight"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("return"),
      order,
      id: fc.integer({ min: 0, max: 2 }),
      quantity: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("adjust"),
      id: fc.integer({ min: 0, max: 2 }),
      delta: fc.integer({ min: -3, max: 2 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("wait"),
      ms: fc.oneof(
        fc.integer({ min: 1, max: 30_000 }),
        fc.constantFrom(rules.ASK_AFTER_MS, HOLD_MS, rules.TOMBSTONE_MS),
      ),
    }),
  },
);

function decide(units: MemoryInventory, command: Command, now: number): Decision<{ ok: boolean }> | null {
  if (command.kind === "wait") return null;
  if (command.kind === "adjust") {
    return rules.adjust(units, { id: `adjust-${command.id}`, delta: command.delta, reason: "counted" });
  }
  const orderId = `order-${command.order}`;
  const quantity = quantityOf(command.order);
  switch (command.kind) {
    case "reserve":
      return rules.reserve(
        units,
        {
          orderId,
          attempt: command.attempt,
          fingerprint: command.other ? "other content" : "content",
          quantity,
          buyer: buyerOf(command.order),
          cart: null,
          network: { key: "network", unpaidUnits: UNPAID },
          askAt: now + rules.ASK_AFTER_MS,
          expiresAt: now + HOLD_MS,
          latestExpiresAt: now + 2 * HOLD_MS,
        },
        now,
      );
    case "confirm":
      return rules.confirm(units, { orderId, fingerprint: "content" }, now);
    case "commit":
      return rules.commit(units, { orderId, fingerprint: "content" }, null, now);
    case "extend":
      return rules.extend(units, { orderId, fingerprint: "content", expiresAt: now + HOLD_MS }, now);
    case "settle":
      return rules.settle(units, orderId, now);
    case "release":
      return rules.release(units, orderId, command.attempt);
    case "answer":
      return rules.answered(
        units,
        { orderId, attempt: command.attempt, fingerprint: "content" },
        command.answer,
      );
    case "return":
      return rules.returnUnits(
        units,
        { id: `return-${command.id}`, orderId, quantity: command.quantity },
        now,
      );
  }
}

const sumOf = (units: MemoryInventory, kind: keyof UnitDeltas) =>
  units.ledger.reduce((sum, { deltas }) => sum + (deltas[kind] ?? 0), 0);
const unitsOf = (holds: readonly { quantity: number }[]) =>
  holds.reduce((sum, { quantity }) => sum + quantity, 0);

/** What must hold between any two commands. */
function check(units: MemoryInventory): void {
  const { available, held, sold, received, adjusted, ledgerSequence } = units.figures;
  expect(Math.min(available, held, sold)).toBeGreaterThanOrEqual(0);
  expect(available + held + sold).toBe(received + adjusted);
  expect(unitsOf(units.holds.filter(({ state }) => state !== "committed"))).toBe(held);
  expect(unitsOf(units.holds.filter(({ state }) => state === "committed"))).toBe(sold);
  for (const kind of ["available", "held", "sold", "received", "adjusted"] as const) {
    expect(sumOf(units, kind)).toBe(units.figures[kind]);
  }
  expect(units.ledger.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: ledgerSequence }, (_, index) => index + 1),
  );
  expect(units.unpaidUnitsOf("network")).toBeLessThanOrEqual(UNPAID);
  for (const buyer of new Set(ORDERS.map(buyerOf))) {
    expect(unitsOf(units.holdsOf(buyer))).toBeLessThanOrEqual(LIMIT);
  }
}

/** Each order's hold as an outsider sees it: what the answers promised, without looking into the rows. */
class Witness {
  readonly #holds = new Map<number, { state: string; deadline: number; attempt: number; isOther: boolean }>();
  readonly #settledUntil = new Map<number, number>();

  hear(command: Command, outcome: { ok: boolean }, now: number): void {
    if (command.kind === "adjust" || command.kind === "wait") return;
    const hold = this.#holds.get(command.order);
    const alive = hold !== undefined && (hold.state === "sold" || now < hold.deadline);
    // Only a hold of the order's own content obeys it.
    const own = alive && !hold.isOther;
    const settled = now < (this.#settledUntil.get(command.order) ?? 0);
    switch (command.kind) {
      case "reserve":
        if (settled) expect(outcome.ok).toBe(false);
        if (alive && hold.state === "tentative" && command.attempt < hold.attempt)
          expect(outcome).toEqual({ ok: false, reason: "superseded" });
        if (outcome.ok && (!alive || (hold.state === "tentative" && command.attempt > hold.attempt)))
          this.#holds.set(command.order, {
            state: "tentative",
            deadline: now + HOLD_MS,
            attempt: command.attempt,
            isOther: command.other,
          });
        return;
      case "confirm":
        expect(outcome.ok).toBe(own && !settled);
        if (outcome.ok && hold?.state === "tentative") hold.state = "confirmed";
        return;
      case "extend":
        expect(outcome.ok).toBe(own);
        if (outcome.ok && "expiresAt" in outcome && hold !== undefined && hold.state !== "sold")
          Object.assign(hold, { state: "confirmed", deadline: outcome.expiresAt });
        return;
      case "commit":
        expect(outcome.ok).toBe(own);
        if (outcome.ok && hold !== undefined) Object.assign(hold, { state: "sold", deadline: Infinity });
        return;
      case "answer":
        if (hold?.state !== "tentative") return;
        if (command.answer === "open" && alive) hold.state = "confirmed";
        if (command.answer === "unknown" && hold.attempt === command.attempt)
          this.#holds.delete(command.order);
        return;
      case "release":
        if (outcome.ok && "released" in outcome && outcome.released === true)
          this.#holds.delete(command.order);
        return;
      case "settle":
        this.#holds.delete(command.order);
        this.#settledUntil.set(command.order, now + rules.TOMBSTONE_MS);
        return;
      case "return":
        return;
    }
  }

  /** A return of the last unit ends the hold; only the rows tell how many were left. */
  look(units: MemoryInventory): void {
    for (const [order, hold] of this.#holds) {
      if (hold.state === "sold" && units.hold(`order-${order}`) === null) this.#holds.delete(order);
    }
  }
}

function configured(): MemoryInventory {
  const units = new MemoryInventory();
  const terms = { version: 1, unitAmountMinor: 100, currency: "USD", purchaseLimit: LIMIT, opensAt: null };
  units.take(rules.configure(units, { terms, initialStock: { id: "initial", quantity: STOCK } }));
  return units;
}

interface Play {
  /** Lapsed holds freed before a command, and whether that is done before every command or only when time passes. */
  readonly chunk: number;
  readonly always: boolean;
  readonly repeat: boolean;
}

function play(sequence: readonly Command[], { chunk, always, repeat }: Play): MemoryInventory {
  const units = configured();
  const witness = new Witness();
  let now = 1_000;
  for (const command of sequence) {
    if (command.kind === "wait") now += command.ms;
    if (always || command.kind === "wait") units.take(rules.releaseLapsed(units, now, chunk));
    check(units);
    const decision = decide(units, command, now);
    if (decision === null) continue;
    const outcome = units.take(decision);
    check(units);
    witness.hear(command, outcome, now);
    witness.look(units);
    if (repeat) repeatChangesNothing(units, command, outcome, now);
  }
  return units;
}

function repeatChangesNothing(
  units: MemoryInventory,
  command: Command,
  outcome: { ok: boolean },
  now: number,
): void {
  const before = { figures: units.figures, holds: units.holds };
  const again = decide(units, command, now);
  if (again === null) return;
  expect(units.take(again).ok).toBe(outcome.ok);
  expect({ figures: units.figures, holds: units.holds }).toEqual(before);
}

describe("under any interleaving of commands", () => {
  it("units are conserved, the ledger adds up, limits hold, a hold resolves once, and repeats change nothing", () => {
    fc.assert(
      fc.property(fc.array(commands, { maxLength: MAX_COMMANDS, size: "max" }), (sequence) => {
        play(sequence, { chunk: 100, always: true, repeat: true });
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it("nothing that lapsed is taken again, even where lapsed holds are freed one at a time", () => {
    fc.assert(
      fc.property(fc.array(commands, { maxLength: MAX_COMMANDS, size: "max" }), (sequence) => {
        play(sequence, { chunk: 1, always: false, repeat: false });
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it("once every order is settled and all holds have lapsed, every unit is available again", () => {
    fc.assert(
      fc.property(fc.array(commands, { maxLength: MAX_COMMANDS, size: "max" }), (sequence) => {
        const units = play(sequence, { chunk: 100, always: true, repeat: false });
        for (const { orderId } of units.holds) {
          units.take(rules.settle(units, orderId, Number.MAX_SAFE_INTEGER));
        }
        const { available, received, adjusted } = units.figures;
        expect(available).toBe(received + adjusted);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });
});
