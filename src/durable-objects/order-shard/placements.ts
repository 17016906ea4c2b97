/**
 * Placing orders in a shard, as a story: know the order by its id, hold the units, write the order; or put everything back. One
 * placement of an id runs at a time; nothing is written before every unit is held.
 */
import type { Telemetry } from "../../adapters/telemetry/telemetry.ts";
import type { OrderContact } from "../../contracts/messages.ts";
import type { ChargeFault } from "../../domain/charge-limits.ts";
import { attemptOf, generationOf } from "../../domain/inventory/attempt.ts";
import {
  ASK_AFTER_MS,
  type HoldAnswer,
  type HoldQuestion,
  type ReserveOutcome,
} from "../../domain/inventory/rules.ts";
import { nextWakeAt } from "../../domain/order/next-step.ts";
import {
  judge,
  reserveOf,
  type Attempt,
  type LineAnswer,
  type Placing,
  type PlacingLine,
  type RefusedReservation,
} from "../../domain/order/placing.ts";
import type { OrderRecord } from "../../domain/order/record.ts";
import { recordOf, type OrderState } from "../../domain/order/state.ts";
import type { Lanes } from "./lanes.ts";
import type { OrderRows } from "./order-rows.ts";

export interface PlaceRequest extends Placing {
  readonly contact: OrderContact;
  /** Whether a new order may be placed; without it only one that is there is answered. */
  readonly isProven: boolean;
}

export type PlaceOutcome =
  | { readonly ok: true; readonly replayed: boolean; readonly record: OrderRecord }
  | {
      readonly ok: false;
      readonly reason:
        | "fingerprint_mismatch"
        | "challenge_required"
        /** It cannot be sent as asked. */
        | "not_deliverable"
        /** Too much waits already: shed, with nothing held. */
        | "overloaded"
        /** A SKU was slow or away, or another attempt was faster: nothing is wrong, and nothing stays held. */
        | "again"
        /** An epoch has ended, and this id will never be an order. */
        | "closed";
    }
  | { readonly ok: false; readonly reason: "refused"; readonly refusals: readonly RefusedReservation[] }
  | { readonly ok: false; readonly reason: "price_changed"; readonly currentTotal: number }
  | { readonly ok: false; readonly reason: "not_chargeable"; readonly fault: ChargeFault };

/** How long an id of a former epoch stays closed: longer than a request may repeat it, ms. */
const CLOSED_MS = 48 * 60 * 60 * 1000;

/**
 * For how long a hold may be there that a former instance made for an order it did not write: the platform lets a displaced instance
 * run on for 30 s, and a hold asks a minute after its attempt began.
 */
const FORMER_HOLDS_MS = 30_000 + ASK_AFTER_MS;

interface Running {
  readonly fingerprint: string;
  readonly outcome: Promise<PlaceOutcome>;
}

export interface PlacementsDeps {
  readonly rows: Pick<OrderRows, "state" | "insert" | "isClosed" | "close" | "generation">;
  readonly lanes: Pick<Lanes, "send" | "isFull" | "askUntil">;
  readonly telemetry: Telemetry;
  /** Epoch ms; never runs backwards. */
  readonly clock: () => number;
  readonly random: () => number;
  /** Has the alarm ring no later than this (epoch ms). */
  readonly arm: (at: number | null) => void;
  /** Is told of an order of which a SKU has no hold, though it was made of one. Never throws. */
  readonly confirmRefused: (orderId: string, sku: string) => void;
}

export class Placements {
  readonly #deps: PlacementsDeps;
  readonly #running = new Map<string, Running>();
  /** This instance's generation; null until it has placed. */
  #generation: number | null = null;
  #attempts = 0;

  constructor(deps: PlacementsDeps) {
    this.#deps = deps;
  }

  /** @throws what the rows throw, e.g. for an order whose state this code cannot read */
  async place(request: PlaceRequest): Promise<PlaceOutcome> {
    const { orderId, fingerprint } = request;
    for (;;) {
      const known = this.#known(orderId, fingerprint);
      if (known !== null) return known;
      const running = this.#running.get(orderId);
      if (running === undefined) break;
      if (running.fingerprint !== fingerprint) return { ok: false, reason: "fingerprint_mismatch" };
      const outcome = await running.outcome;
      // Only a 201 is shared: a refusal may be of that request alone (another expected total), so this one is judged by itself.
      if (outcome.ok) return { ...outcome, replayed: true };
    }
    if (request.terms === null) return { ok: false, reason: "not_deliverable" };
    if (!request.isProven) return { ok: false, reason: "challenge_required" };
    if (this.#deps.lanes.isFull(request.lines.map(({ sku }) => sku)))
      return { ok: false, reason: "overloaded" };
    const outcome = this.#attempt(request).finally(() => this.#running.delete(orderId));
    this.#running.set(orderId, { fingerprint, outcome });
    return await outcome;
  }

  /**
   * An epoch has ended: awaits a placement of the id that is under way, and where there is no order closes the id for good.
   *
   * @returns the order, or that it has other content, or that it will never be
   */
  async closeUnlessPlaced(orderId: string, fingerprint: string): Promise<PlaceOutcome> {
    const { rows, clock } = this.#deps;
    // Until none is left: a request that waited for one placement begins the next.
    for (
      let running = this.#running.get(orderId);
      running !== undefined;
      running = this.#running.get(orderId)
    )
      await running.outcome;
    const known = this.#known(orderId, fingerprint);
    if (known !== null) return known;
    rows.close(orderId, clock() + CLOSED_MS, clock());
    return { ok: false, reason: "closed" };
  }

  /** What a tentative hold hears when it asks whether there is an order. */
  answer({ orderId, fingerprint, attempt }: HoldQuestion): HoldAnswer {
    const state = this.#deps.rows.state(orderId);
    // Also of an order that has given its units back: its `settle` has freed this hold, or is about to.
    if (state?.fingerprint === fingerprint) return "open";
    if (this.#running.has(orderId)) return "in_flight";
    // A deploy has displaced this instance: its successor knows.
    const own = this.#generation ?? this.#deps.rows.generation;
    return generationOf(attempt) > own ? "in_flight" : "unknown";
  }

  #known(orderId: string, fingerprint: string): PlaceOutcome | null {
    const state = this.#deps.rows.state(orderId);
    if (state === null) return this.#deps.rows.isClosed(orderId) ? { ok: false, reason: "closed" } : null;
    if (state.fingerprint !== fingerprint) return { ok: false, reason: "fingerprint_mismatch" };
    return { ok: true, replayed: true, record: recordOf(state) };
  }

  async #attempt(request: PlaceRequest): Promise<PlaceOutcome> {
    const { clock, random } = this.#deps;
    const attempt = this.#nextAttempt();
    const answers = await Promise.all(
      request.lines.map(async (line): Promise<LineAnswer> => ({
        line,
        outcome: await this.#reserve(request, line, attempt),
      })),
    );
    const verdict = judge(request, attempt, answers, clock(), random());
    // Nobody has closed the id meanwhile: closing awaits this placement.
    if (verdict.kind === "place") return this.#write(verdict.state, request.contact);
    await this.#release(request.orderId, attempt, answers);
    switch (verdict.kind) {
      case "refused":
        return { ok: false, reason: "refused", refusals: verdict.refusals };
      case "price_changed":
        return { ok: false, reason: "price_changed", currentTotal: verdict.currentTotal };
      case "not_chargeable":
        return { ok: false, reason: "not_chargeable", fault: verdict.fault };
      case "not_deliverable":
      case "again":
        return { ok: false, reason: verdict.kind };
    }
  }

  async #reserve(request: Placing, line: PlacingLine, attempt: Attempt): Promise<ReserveOutcome | null> {
    try {
      return await this.#deps.lanes.send(line.sku, { kind: "reserve", ...reserveOf(request, line, attempt) });
    } catch (fault) {
      this.#deps.telemetry.fault("order.reserve_failed", fault, { sku: line.sku });
      return null;
    }
  }

  /** From here on there is an order: the reply leaves once its row is safe, and so do the commands that confirm its holds. */
  #write(state: OrderState, contact: OrderContact): PlaceOutcome {
    const { rows, lanes, telemetry, arm, clock, confirmRefused } = this.#deps;
    const wakeAt = nextWakeAt(state, clock());
    rows.insert(state, contact, wakeAt);
    arm(wakeAt);
    const { orderId, fingerprint } = state;
    for (const { sku } of state.lines) {
      lanes.send(sku, { kind: "confirm", orderId, fingerprint }).then(
        ({ ok }) => {
          if (!ok) confirmRefused(orderId, sku);
        },
        (fault: unknown) => {
          // The hold asks by itself a minute after its attempt began.
          telemetry.fault("order.confirm_failed", fault, { sku });
        },
      );
    }
    return { ok: true, replayed: false, record: recordOf(state) };
  }

  /** Frees what this attempt holds or may hold. What cannot be freed now asks by itself. */
  async #release(orderId: string, attempt: Attempt, answers: readonly LineAnswer[]): Promise<void> {
    const releases = answers
      .filter(({ outcome }) => outcome === null || outcome.ok)
      .map(({ line }) =>
        this.#deps.lanes.send(line.sku, { kind: "release", orderId, attempt: attempt.number }),
      );
    for (const result of await Promise.allSettled(releases)) {
      if (result.status === "rejected") this.#deps.telemetry.fault("order.release_failed", result.reason);
    }
  }

  /** The generation is written before the first reserve leaves, so no later instance can have the same. */
  #nextAttempt(): Attempt {
    if (this.#generation === null) {
      this.#generation = this.#deps.rows.generation + 1;
      this.#deps.rows.generation = this.#generation;
      if (this.#generation > 1) this.#deps.lanes.askUntil(this.#deps.clock() + FORMER_HOLDS_MS);
    }
    this.#attempts += 1;
    return { number: attemptOf(this.#generation, this.#attempts), startedAt: this.#deps.clock() };
  }
}
