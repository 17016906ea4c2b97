/** One instance of a shard's object: the production placements, orders and lanes over the shard's rows. */
import { generationOf } from "../../../domain/inventory/attempt.ts";
import type { HoldAnswer, HoldQuestion } from "../../../domain/inventory/rules.ts";
import type { OrderState } from "../../../domain/order/state.ts";
import { ConfirmationPace } from "../../../durable-objects/order-shard/confirmation-pace.ts";
import { Orders } from "../../../durable-objects/order-shard/orders.ts";
import {
  Placements,
  type PlaceOutcome,
  type PlaceRequest,
} from "../../../durable-objects/order-shard/placements.ts";
import { asAttempt, clockSeenAs } from "./attempt-clock.ts";
import { ShardRows, type ShardStore } from "./shard-store.ts";
import { TelemetryOff } from "./telemetry-off.ts";
import { WatchedLanes, type WatchedLanesDeps } from "./watched-lanes.ts";

/** `displaced`: a deploy has started another instance; this one runs on until it writes, and has no newer rows. */
export type Life = "current" | "displaced" | "dead";

export interface InstanceDeps extends Pick<WatchedLanesDeps, "off" | "clock" | "timer" | "onBroken"> {
  readonly shard: string;
  readonly store: ShardStore;
  readonly random: () => number;
  readonly call: (
    from: Instance,
    ...call: Parameters<WatchedLanesDeps["call"]>
  ) => ReturnType<WatchedLanesDeps["call"]>;
  /** How long orders hold their units, ms: the same for all of a run. */
  readonly holdMs: number;
  /** An order is written, and its reply is on its way. */
  readonly onPlaced: (state: OrderState) => void;
}

const never = () => new Promise<never>(() => undefined);

export class Instance {
  life: Life = "current";
  displacedAt = Infinity;
  readonly shard: string;
  readonly rows: ShardRows;
  readonly #deps: InstanceDeps;
  readonly #orders: Orders;
  readonly #placements: readonly Placements[];
  readonly #shared = new Map<string, Promise<PlaceOutcome>>();
  #asked = 0;

  constructor(deps: InstanceDeps) {
    this.#deps = deps;
    this.shard = deps.shard;
    const { off, store, clock, random } = deps;
    this.rows = new ShardRows({
      store,
      off,
      beforeWrite: () => {
        if (this.life === "current") return;
        this.life = "dead";
        throw new Error("this instance was displaced");
      },
      onInsert: deps.onPlaced,
      onClose: (orderId) => {
        const isInFlight = this.#placements.some(
          (placements) => placements.answer({ orderId, fingerprint: "", attempt: 0 }) === "in_flight",
        );
        // Its units would be kept from the shopper, who places the order under the next id now.
        if (isInFlight) deps.onBroken(`${orderId} is closed while a placement of it is in flight`);
      },
    });
    const lanes = new WatchedLanes({
      ...deps,
      call: (sku, commands) => (this.life === "dead" ? never() : deps.call(this, sku, commands)),
    });
    const parts = {
      rows: this.rows,
      lanes,
      telemetry: new TelemetryOff(),
      clock,
      random,
      arm: () => undefined,
    };
    const outbox = { collect: (state: OrderState) => state, flush: () => Promise.resolve() };
    this.#orders = new Orders({
      ...parts,
      outbox,
      pace: new ConfirmationPace(),
      inBackground: () => undefined,
    });
    const make = () =>
      new Placements({
        ...parts,
        clock: placementClock(deps),
        confirmRefused: (orderId, sku) => void this.#orders.confirmRefused(orderId, sku),
      });
    // Without the defence two placements of one id know nothing of each other.
    const first = make();
    this.#placements = off.has("awaitInFlight") ? [first, make()] : [first];
  }

  /** Of an instance that has died nobody hears. */
  async #heard<T>(work: Promise<T>): Promise<T> {
    const answer = await work;
    return this.life === "dead" ? await never() : answer;
  }

  place(request: PlaceRequest): Promise<PlaceOutcome> {
    const placements = this.#placements[this.#asked++ % this.#placements.length];
    if (placements === undefined) throw new Error("an instance has placements");
    const place = () => asAttempt(() => placements.place(request));
    if (!this.#deps.off.has("judgeWaiter")) return this.#heard(place());
    const id = `${request.orderId} ${request.fingerprint}`;
    const shared = this.#shared.get(id) ?? place().finally(() => this.#shared.delete(id));
    this.#shared.set(id, shared);
    return this.#heard(shared);
  }

  async closeUnlessPlaced(orderId: string, fingerprint: string): Promise<PlaceOutcome> {
    const [placements] = this.#placements;
    if (placements === undefined) throw new Error("an instance has placements");
    if (this.#deps.off.has("closeAwaits") && this.rows.state(orderId) === null) {
      this.rows.close(orderId);
      return { ok: false, reason: "closed" };
    }
    return await this.#heard(placements.closeUnlessPlaced(orderId, fingerprint));
  }

  /** As the object: for an order that cannot be read no hold is freed. */
  answer(question: HoldQuestion): HoldAnswer {
    const { off } = this.#deps;
    try {
      const row = this.rows.state(question.orderId);
      const asked =
        off.has("askFingerprint") && row !== null ? { ...question, fingerprint: row.fingerprint } : question;
      const answers = this.#placements.map((placements) => placements.answer(asked));
      const answer = answers.find((each) => each !== "unknown") ?? "unknown";
      if (answer !== "in_flight") return answer;
      const isNewer = generationOf(question.attempt) > this.rows.generation;
      return off.has(isNewer ? "askGeneration" : "askInFlight") ? "unknown" : "in_flight";
    } catch {
      return "in_flight";
    }
  }

  change(orderId: string, rule: (state: OrderState, now: number) => OrderState): void {
    // What throws here (a row that cannot be read, an instance that was displaced) is an error to the caller, who tries again.
    this.#orders.change(orderId, rule).catch(() => undefined);
  }

  /** @param fails the storage fails in the middle of it */
  ringAlarm(fails = false): void {
    this.rows.failsToCount = fails;
    try {
      for (const due of this.rows.takeDue(this.#deps.clock())) this.#orders.wake(due);
    } catch {
      // As the object: the alarm is armed anew, whatever happened.
    }
    this.rows.failsToCount = false;
  }
}

/** What one attempt sees of the time: without the defence it looks younger than its order's deadline. */
function placementClock({ off, clock, holdMs }: InstanceDeps): () => number {
  return off.has("writeBeforeDeadline") ? clockSeenAs(clock, (ageMs) => Math.min(ageMs, holdMs - 1)) : clock;
}
