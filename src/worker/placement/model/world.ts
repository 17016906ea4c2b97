/**
 * A small world in which the production code of a purchase runs, one event at a time in an order that a seed decides: shards with
 * their real placements, orders and lanes over rows in memory, SKUs under the real rules, calls that are late, lost or answered after
 * their asker is gone, crashes, instances that a deploy displaced, two epochs, clocks apart.
 */
import { TelemetryOff } from "./telemetry-off.ts";
import { Lane } from "../../../durable-objects/order-shard/lane.ts";
import type { CommandResult } from "../../../durable-objects/sku-inventory/sku-inventory.ts";
import { Orders } from "../../../durable-objects/order-shard/orders.ts";
import type { DueOrder } from "../../../durable-objects/order-shard/order-rows.ts";
import {
  Placements,
  type PlaceOutcome,
  type PlaceRequest,
} from "../../../durable-objects/order-shard/placements.ts";
import { decide, type SkuCommand } from "../../../domain/inventory/commands.ts";
import { MemoryInventory } from "../../../domain/inventory/memory-inventory.ts";
import * as rules from "../../../domain/inventory/rules.ts";
import type { Decision } from "../../../domain/inventory/state.ts";
import type { OrderState } from "../../../domain/order/state.ts";
import type { Defence } from "./defences.ts";

/** Numbers in [0, 1) that a seed decides (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface StoredOrder {
  state: string;
  wakeAt: number | null;
}

/** What a shard's storage keeps, whichever instance wrote it. */
class ShardStore {
  readonly orders = new Map<string, StoredOrder>();
  readonly closed = new Set<string>();
  generation = 0;
}

type Life = "current" | "displaced" | "dead";

/** A shard's rows as one instance sees them: a displaced one sees what it saw, and its first write stops it. */
class ModelRows {
  readonly #store: ShardStore;
  readonly #instance: Instance;
  readonly #off: ReadonlySet<Defence>;
  #frozen: ShardStore | null = null;

  constructor(store: ShardStore, instance: Instance, off: ReadonlySet<Defence>) {
    this.#store = store;
    this.#instance = instance;
    this.#off = off;
  }

  freeze(): void {
    const frozen = new ShardStore();
    for (const [id, row] of this.#store.orders) frozen.orders.set(id, { ...row });
    for (const id of this.#store.closed) frozen.closed.add(id);
    frozen.generation = this.#store.generation;
    this.#frozen = frozen;
  }

  state(orderId: string): OrderState | null {
    const row = (this.#frozen ?? this.#store).orders.get(orderId);
    return row === undefined ? null : (JSON.parse(row.state) as OrderState);
  }

  insert(state: OrderState, _contact: unknown, wakeAt: number | null): void {
    const { orders } = this.#writable();
    if (orders.has(state.orderId)) throw new Error("two rows of one order");
    orders.set(state.orderId, { state: JSON.stringify(state), wakeAt });
  }

  save(state: OrderState, wakeAt: number | null): void {
    this.#writable().orders.set(state.orderId, { state: JSON.stringify(state), wakeAt });
  }

  putOff(orderId: string, wakeAt: number | null): void {
    const row = this.#writable().orders.get(orderId);
    if (row !== undefined) row.wakeAt = wakeAt;
  }

  takeDue(now: number): DueOrder[] {
    const { orders } = this.#writable();
    return [...orders]
      .filter(([, { wakeAt }]) => wakeAt !== null && wakeAt <= now)
      .map(([orderId, row]): DueOrder => {
        row.wakeAt = now + 30_000;
        return { orderId, state: JSON.parse(row.state) as OrderState };
      });
  }

  isClosed(orderId: string): boolean {
    return (this.#frozen ?? this.#store).closed.has(orderId);
  }

  close(orderId: string): void {
    const { closed } = this.#writable();
    if (!this.#off.has("close")) closed.add(orderId);
  }

  eraseContact(): void {
    this.#writable();
  }

  countFault(): number {
    throw new Error("the rules threw");
  }

  get generation(): number {
    return this.#off.has("durableGeneration") ? 0 : (this.#frozen ?? this.#store).generation;
  }

  set generation(generation: number) {
    this.#writable().generation = generation;
  }

  #writable(): ShardStore {
    if (this.#instance.life === "current") return this.#store;
    this.#instance.life = "dead";
    throw new Error("this instance was displaced");
  }
}

/** One instance of a shard's object. */
export class Instance {
  life: Life = "current";
  readonly rows: ModelRows;
  readonly placements: readonly Placements[];
  readonly orders: Orders;
  #asked = 0;
  #startedAt = 0;

  constructor(world: World, store: ShardStore) {
    this.rows = new ModelRows(store, this, world.off);
    const lanes = world.lanesOf(this);
    const parts = {
      rows: this.rows,
      lanes,
      telemetry: new TelemetryOff(),
      clock: () => world.now,
      random: world.random,
      arm: () => undefined,
    };
    const outbox = { collect: (state: OrderState) => state, flush: () => Promise.resolve() };
    this.orders = new Orders({ ...parts, outbox, inBackground: () => undefined });
    const clock = () => (world.off.has("youngAttempt") ? this.#startedAt : world.now);
    const make = () => new Placements({ ...parts, clock });
    // Without the defence two placements of one id know nothing of each other.
    const first = make();
    this.placements = world.off.has("awaitInFlight") ? [first, make()] : [first];
  }

  placing(now: number): Placements {
    this.#startedAt = now;
    const placements = this.placements[this.#asked++ % this.placements.length];
    if (placements === undefined) throw new Error("an instance has placements");
    return placements;
  }
}

/** Something that may happen next. */
export interface Pending {
  readonly what: string;
  readonly happen: () => void;
  /** What happens where it is lost, or null where it cannot be. */
  readonly lose: (() => void) | null;
}

export class World {
  now = 1_000_000_000_000;
  readonly random: () => number;
  readonly off: ReadonlySet<Defence>;
  readonly skus = new Map<string, MemoryInventory>();
  readonly pending = new Set<Pending>();
  readonly instances = new Map<string, Instance[]>();
  /** What was available at a SKU, and since when. */
  readonly available = new Map<string, { at: number; units: number }[]>();
  /** Milliseconds by which the SKUs' clocks are ahead of the shards'. */
  skewMs = 0;
  readonly log: string[] = [];
  readonly #stores = new Map<string, ShardStore>();

  constructor(seed: number, off: ReadonlySet<Defence>) {
    this.random = randomOf(seed);
    this.off = off;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.random() * items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }

  stock(sku: string, quantity: number, purchaseLimit: number | null): void {
    const units = new MemoryInventory();
    const terms = { version: 1, unitAmountMinor: 100, currency: "USD", purchaseLimit, opensAt: null };
    units.take(rules.configure(units, { terms, initialStock: { id: "initial", quantity } }));
    this.skus.set(sku, units);
    this.available.set(sku, [{ at: this.now, units: quantity }]);
  }

  sku(name: string): MemoryInventory {
    const units = this.skus.get(name);
    if (units === undefined) throw new Error(`no SKU ${name}`);
    return units;
  }

  /** The rows of every shard, by order. */
  rows(): Map<string, OrderState> {
    const all = new Map<string, OrderState>();
    for (const { orders } of this.#stores.values())
      for (const [id, { state }] of orders) all.set(id, JSON.parse(state) as OrderState);
    return all;
  }

  // --------------------------------------------------------------------------------------------------------- shards

  current(shard: string): Instance {
    const store = this.#stores.get(shard) ?? new ShardStore();
    this.#stores.set(shard, store);
    const instances = this.instances.get(shard) ?? [];
    this.instances.set(shard, instances);
    const known = instances.find(({ life }) => life === "current");
    if (known !== undefined) return known;
    const made = new Instance(this, store);
    instances.push(made);
    return made;
  }

  /** The instance a new call reaches: mostly the current one, now and then one that was displaced a moment ago. */
  reached(shard: string): Instance {
    const displaced = (this.instances.get(shard) ?? []).filter(({ life }) => life === "displaced");
    return displaced.length > 0 && this.random() < 0.3 ? this.pick(displaced) : this.current(shard);
  }

  crash(shard: string): void {
    this.current(shard).life = "dead";
  }

  displace(shard: string): void {
    const instance = this.current(shard);
    instance.rows.freeze();
    instance.life = "displaced";
  }

  // ---------------------------------------------------------------------------------------------------------- calls

  lanesOf(instance: Instance) {
    const lanes = new Map<string, Lane>();
    return {
      isFull: () => false,
      send: <Kind extends SkuCommand["kind"]>(sku: string, command: Extract<SkuCommand, { kind: Kind }>) => {
        let lane = lanes.get(sku);
        if (lane === undefined) {
          lane = new Lane({ call: (commands) => this.#call(instance, sku, commands), clock: () => this.now });
          lanes.set(sku, lane);
        }
        return lane.send<Kind>(command);
      },
    };
  }

  /** A call on its way: it may arrive late, its answer may be lost, and who asked may be gone by then. */
  #call(instance: Instance, sku: string, commands: readonly SkuCommand[]): Promise<CommandResult[]> {
    return new Promise((resolve, reject) => {
      const what = `${sku} gets ${commands.map(({ kind, orderId }) => `${kind} ${orderId}`).join(", ")}`;
      const alive = (answer: () => void) => () => {
        if (instance.life !== "dead") answer();
      };
      this.#send({
        what,
        happen: () => {
          const results = this.#run(sku, commands);
          this.#send({
            what: `${sku} answers ${JSON.stringify(results)}`,
            happen: alive(() => {
              resolve(results);
            }),
            lose: alive(() => {
              reject(new Error("no answer"));
            }),
          });
        },
        lose: () => {
          alive(() => {
            reject(new Error("no answer"));
          })();
          // Given up, and it arrives all the same: or never, which is a call that waits to the end.
          this.#send({
            what: `${what}, late`,
            happen: () => void this.#run(sku, commands),
            lose: () => undefined,
          });
        },
      });
    });
  }

  #send(pending: Pending): void {
    this.pending.add(pending);
  }

  #run(sku: string, commands: readonly SkuCommand[]): CommandResult[] {
    const units = this.sku(sku);
    const now = this.now + this.skewMs;
    this.lapse(sku);
    const results = commands.map((command): CommandResult => {
      const decision = this.#decide(units, command, now);
      return { outcome: units.take(decision) };
    });
    this.#note(sku);
    return results;
  }

  lapse(sku: string): void {
    const units = this.sku(sku);
    if (!this.off.has("deadline")) units.take(rules.releaseLapsed(units, this.now + this.skewMs, 100));
    this.#note(sku);
  }

  #note(sku: string): void {
    this.available.get(sku)?.push({ at: this.now, units: this.sku(sku).figures.available });
  }

  /** The production rule, less the defence that is switched off. */
  #decide(units: MemoryInventory, command: SkuCommand, now: number): ReturnType<typeof decide> {
    const hold = units.hold(command.orderId);
    const { off } = this;
    switch (command.kind) {
      case "reserve":
        if (off.has("risingAttempts") && hold !== null && command.attempt < hold.attempt)
          return decide(units, { ...command, attempt: hold.attempt + 1 }, now);
        return decide(units, command, now);
      case "release": {
        const attempt = off.has("releaseOwnAttempt") && hold !== null ? hold.attempt : command.attempt;
        if (off.has("releaseTentative") && hold?.state === "confirmed") makeTentative(units, command.orderId);
        return decide(units, { ...command, attempt }, now);
      }
      case "confirm": {
        const decision = decide(units, command, now);
        if (!off.has("confirmNeverShortens")) return decision;
        return mapped(decision, (change) =>
          change.type === "hold.put"
            ? { ...change, hold: { ...change.hold, expiresAt: command.expiresAt } }
            : change,
        );
      }
      case "commit":
      case "extend":
        return decide(
          units,
          off.has("ownContent") && hold !== null ? { ...command, fingerprint: hold.fingerprint } : command,
          now,
        );
      case "settle": {
        const decision = decide(units, command, now);
        if (!off.has("tombstone")) return decision;
        return { ...decision, changes: decision.changes.filter(({ type }) => type !== "tombstone.put") };
      }
    }
  }

  // ---------------------------------------------------------------------------------------------- questions of holds

  ask(sku: string, shardOf: (orderId: string) => string): void {
    const units = this.sku(sku);
    const questions = units.take(rules.ask(units, this.now + this.skewMs, 100, this.random));
    for (const question of questions) {
      this.#send({
        what: `${sku} asks about attempt ${question.attempt} of ${question.orderId}`,
        lose: () => undefined,
        happen: () => {
          const answer = this.#answer(this.reached(shardOf(question.orderId)), question);
          this.#send({
            what: `${sku} hears ${answer} of ${question.orderId}`,
            lose: () => undefined,
            happen: () => {
              this.#hear(sku, question, answer);
            },
          });
        },
      });
    }
  }

  #answer(instance: Instance, question: rules.HoldQuestion): rules.HoldAnswer {
    const { off } = this;
    const row = instance.rows.state(question.orderId);
    if (off.has("askUnits") && row?.fingerprint === question.fingerprint) return "open";
    const asked =
      off.has("askFingerprint") && row !== null ? { ...question, fingerprint: row.fingerprint } : question;
    const answers = instance.placements.map((placements) => placements.answer(asked));
    const answer = answers.find((each) => each !== "unknown") ?? "unknown";
    if (answer !== "in_flight") return answer;
    const isNewer = Math.floor(question.attempt / 2 ** 32) > instance.rows.generation;
    if (off.has("askGeneration") && isNewer) return "unknown";
    return off.has("askInFlight") && !isNewer ? "unknown" : answer;
  }

  #hear(sku: string, question: rules.HoldQuestion, answer: rules.HoldAnswer): void {
    const units = this.sku(sku);
    const hold = units.hold(question.orderId);
    const { off } = this;
    if (answer === "unknown" && off.has("unknownTentative") && hold?.state === "confirmed")
      makeTentative(units, question.orderId);
    const attempt = off.has("unknownAskedAttempt") && hold !== null ? hold.attempt : question.attempt;
    units.take(rules.answered(units, { ...question, attempt }, answer));
    this.#note(sku);
  }
}

function makeTentative(units: MemoryInventory, orderId: string): void {
  const hold = units.hold(orderId);
  if (hold === null) return;
  units.take({ outcome: null, changes: [{ type: "hold.put", hold: { ...hold, state: "tentative" } }] });
}

function mapped<Outcome>(
  { outcome, changes }: Decision<Outcome>,
  change: (each: Decision<Outcome>["changes"][number]) => Decision<Outcome>["changes"][number],
): Decision<Outcome> {
  return { outcome, changes: changes.map(change) };
}

export type { PlaceOutcome, PlaceRequest };
