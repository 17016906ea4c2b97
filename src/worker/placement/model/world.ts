/**
 * A small world in which the production code of a purchase runs, one event at a time in an order that a seed decides: shards with
 * their real placements, orders and lanes over rows in memory, SKUs under the real rules, calls that are late or lost or answered after
 * their caller has died, crashes, instances that a deploy displaced, two epochs, clocks that differ.
 */
import type { CommandResult } from "../../../durable-objects/sku-inventory/sku-inventory.ts";
import type { SkuCommand } from "../../../domain/inventory/commands.ts";
import type { OrderState } from "../../../domain/order/state.ts";
import { chanceOf, type Chance } from "./chance.ts";
import type { Defence } from "./defences.ts";
import { ModelSku } from "./model-sku.ts";
import { Network } from "./network.ts";
import type { Scenario, SkuName } from "./scenarios.ts";
import { Instance } from "./shard-instance.ts";
import { ShardStore } from "./shard-store.ts";
import { WorldClock } from "./world-clock.ts";

export const SHARDS = ["one", "two"] as const;
export type ShardName = (typeof SHARDS)[number];

/** In the second epoch the keys' orders are on the other shard. */
export function shardOf(orderId: string): ShardName {
  const [epoch, key = ""] = orderId.split("-");
  return (epoch === "1") === (key === "l" || key === "m") ? "two" : "one";
}

export interface WorldDeps {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly off: ReadonlySet<Defence>;
  readonly log: (text: () => string) => void;
  readonly onPlaced: (state: OrderState) => void;
  readonly onBroken: (promise: string) => void;
}

export class World {
  readonly clock = new WorldClock();
  readonly chance: Chance;
  readonly network: Network;
  readonly scenario: Scenario;
  readonly off: ReadonlySet<Defence>;
  readonly skus: readonly ModelSku[];
  readonly holdMs: number;
  readonly limit: number | null;
  readonly unpaidUnits: number | null;
  readonly skewMs: number;
  /** When the second epoch begins, epoch ms. */
  readonly epochFrom: number;
  readonly #deps: WorldDeps;
  readonly #stores: Readonly<Record<ShardName, ShardStore>> = {
    one: new ShardStore(),
    two: new ShardStore(),
  };
  readonly #instances: Readonly<Record<ShardName, Instance[]>> = { one: [], two: [] };
  /** No shard answers any more. */
  shardsAreGone = false;

  constructor(deps: WorldDeps) {
    this.#deps = deps;
    this.scenario = deps.scenario;
    this.off = deps.off;
    this.chance = chanceOf(deps.seed);
    this.network = new Network(this.chance, deps.log);
    const { scenario, chance } = this;
    this.holdMs = chance.pick(scenario.holdMs);
    this.limit = chance.pick(scenario.limit);
    this.unpaidUnits = chance.pick(scenario.unpaidUnits);
    this.skewMs = chance.pick(scenario.skewMs);
    this.epochFrom = this.clock.now + chance.pick(scenario.epochAfterMs);
    this.network.loss = chance.pick(scenario.loss);
    this.network.lateness = scenario.lateness;
    this.skus = [this.#makeSku("X"), this.#makeSku("Y")];
  }

  get now(): number {
    return this.clock.now;
  }

  #makeSku(name: SkuName): ModelSku {
    const { scenario, chance, off } = this;
    const limit = name === "X" ? this.limit : null;
    return new ModelSku(name, chance.pick(scenario.stock[name]), limit, {
      clock: () => this.now + this.skewMs,
      worldClock: () => this.now,
      random: chance.random,
      off,
      lapsesAtOnce: chance.pick(scenario.lapsesAtOnce),
      onFault: (fault) => this.#deps.onBroken(String(fault)),
    });
  }

  sku(name: string): ModelSku {
    const sku = this.skus.find((each) => each.name === name);
    if (sku === undefined) throw new Error(`no SKU ${name}`);
    return sku;
  }

  async pass(ms: number): Promise<void> {
    await this.clock.pass(ms);
    for (const instance of [...this.#instances.one, ...this.#instances.two])
      if (instance.life === "displaced" && this.now >= instance.displacedAt + this.scenario.displacedForMs)
        instance.life = "dead";
  }

  // --------------------------------------------------------------------------------------------------------- shards

  /** The rows of every shard. */
  *rows(): Generator<OrderState> {
    for (const name of SHARDS) for (const { state } of this.#stores[name].orders.values()) yield state;
  }

  row(orderId: string): OrderState | null {
    return this.#stores[shardOf(orderId)].orders.get(orderId)?.state ?? null;
  }

  isUnreadable(orderId: string): boolean {
    return this.#stores[shardOf(orderId)].unreadable.has(orderId);
  }

  store(shard: ShardName): ShardStore {
    return this.#stores[shard];
  }

  isRunning(shard: ShardName): boolean {
    return this.#instances[shard].some(({ life }) => life === "current");
  }

  current(shard: ShardName): Instance {
    const known = this.#instances[shard].find(({ life }) => life === "current");
    if (known !== undefined) return known;
    const { off, clock, chance, holdMs } = this;
    const { onBroken, onPlaced } = this.#deps;
    const made = new Instance({
      shard,
      store: this.#stores[shard],
      off,
      holdMs,
      clock: () => clock.now,
      timer: (ms, ring) => void clock.in(ms, ring),
      random: chance.random,
      call: (from, sku, commands) => this.#call(from, sku, commands),
      onPlaced,
      onBroken,
    });
    this.#instances[shard].push(made);
    return made;
  }

  displaced(shard: ShardName): Instance[] {
    return this.#instances[shard].filter(({ life }) => life === "displaced");
  }

  /** The instance a new call reaches. */
  reached(shard: ShardName): Instance {
    const displaced = this.displaced(shard);
    const isOld = displaced.length > 0 && this.chance.happens(this.scenario.toDisplaced);
    return isOld ? this.chance.pick(displaced) : this.current(shard);
  }

  crash(shard: ShardName): void {
    this.current(shard).life = "dead";
  }

  displace(shard: ShardName): void {
    const instance = this.current(shard);
    instance.rows.freeze();
    instance.life = "displaced";
    instance.displacedAt = this.now;
  }

  /** Every instance dies. */
  crashAll(): void {
    for (const instance of [...this.#instances.one, ...this.#instances.two]) instance.life = "dead";
  }

  // ---------------------------------------------------------------------------------------------------------- calls

  /** It may arrive late or never, its answer may be lost, and its caller may have died or given up by then. */
  #call(from: Instance, sku: string, commands: readonly SkuCommand[]): Promise<CommandResult[]> {
    const { network, chance } = this;
    const told = () =>
      `${sku} gets ${commands
        .slice(0, 8)
        .map((command) => describe(command))
        .join(", ")}`;
    return new Promise((resolve, reject) => {
      /** The caller is told of a loss at once, or finds out by its time limit. */
      const isLost = () => {
        if (chance.happens(0.5) && from.life !== "dead") reject(new Error("no answer"));
      };
      network.send({
        what: told,
        arrives: () => {
          const results = this.sku(sku).run(commands);
          network.send({
            what: () => `${sku} answers ${JSON.stringify(results.slice(0, 8))}`,
            arrives: () => {
              if (from.life !== "dead") resolve(results);
            },
            isLost,
          });
        },
        isLost: () => {
          isLost();
          const arrives = () => void this.sku(sku).run(commands);
          network.sendLate({
            what: () => `${told()}, too late for its caller`,
            arrives,
            isLost: () => undefined,
          });
        },
      });
    });
  }

  /** A SKU's alarm: what has lapsed is freed and its orders hear of it, and tentative holds ask whether there are orders. */
  ringSku(sku: ModelSku): void {
    const { network } = this;
    for (const { orderId } of sku.freeLapsed())
      network.send({
        what: () => `${sku.name} pokes ${orderId}`,
        arrives: () => this.poke(orderId),
        isLost: () => undefined,
      });
    for (const question of sku.ask()) {
      network.send({
        what: () => `${sku.name} asks about attempt ${question.attempt} of ${question.orderId}`,
        isLost: () => undefined,
        arrives: () => {
          if (this.shardsAreGone) return;
          const answer = this.reached(shardOf(question.orderId)).answer(question);
          network.send({
            what: () => `${sku.name} hears ${answer} of attempt ${question.attempt} of ${question.orderId}`,
            isLost: () => undefined,
            arrives: () => sku.hear(question, answer),
          });
        },
      });
    }
  }

  poke: (orderId: string) => void = () => undefined;
}

function describe(command: SkuCommand): string {
  const attempt = "attempt" in command ? ` (attempt ${command.attempt})` : "";
  return `${command.kind} ${command.orderId}${attempt}`;
}
