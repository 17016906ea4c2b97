/** One random run in the model's world: what happens, and that every promise is kept after each event. */
import { dueReached } from "../../../domain/order/payment.ts";
import type { Defence } from "./defences.ts";
import * as payments from "./payments.ts";
import { checkAccounted, checkAlways, checkEnd, checkPlaced, isAtRest } from "./promises.ts";
import { SCENARIOS, type Likelihoods, type Scenario, type ScenarioName } from "./scenarios.ts";
import { Shoppers } from "./shoppers.ts";
import { settled } from "./world-clock.ts";
import { SHARDS, shardOf, World, type ShardName } from "./world.ts";

export interface RunOptions {
  readonly off?: readonly Defence[];
  /** What is otherwise in this scenario. */
  readonly otherwise?: Partial<Scenario>;
}

/** A promise was broken; says the seed, the promise, and everything that happened before. */
export class Violation extends Error {
  override readonly name = "Violation";
  readonly promise: string;

  constructor(seed: number, scenario: ScenarioName, promise: string, log: readonly string[]) {
    super([`seed ${seed} of "${scenario}": ${promise}`, ...log].join("\n  "));
    this.promise = promise;
  }
}

/** @throws Violation where a promise is broken; a seed always makes the same run */
export async function run(seed: number, name: ScenarioName, options: RunOptions = {}): Promise<void> {
  const scenario: Scenario = { ...SCENARIOS[name], ...options.otherwise };
  const promise = await new Run(seed, scenario, new Set(options.off), null).brokenPromise();
  if (promise === null) return;
  // Once more, with a log, which most runs need not pay for.
  const log: string[] = [];
  const again = await new Run(seed, scenario, new Set(options.off), log).brokenPromise();
  if (again !== promise)
    throw new Error(`seed ${seed} of "${name}" does not repeat: ${promise}, then ${again}`);
  throw new Violation(seed, name, promise, log);
}

/** When everything has died every unit is accounted for after so long, ms. */
const ACCOUNTED_AFTER_MS = 120_000;
/** A hold that asked as often without an answer asks again later than that. */
const ASKED_LONG = 6;
/** How much longer than any hold the end may take, ms: an order that was set aside often waits for up to an hour. */
const END_SPARE_MS = 4_000_000;
const END_STEP_MS = 5_000;
const LATER_STEP_MS = 20_000;
const MAX_ARRIVALS = 5_000;
const LATENESS_IN_THE_END = 0.5;

class Run {
  readonly #world: World;
  readonly #shoppers: Shoppers;
  readonly #log: string[] | null;
  readonly #restore: () => void;
  readonly #happenings: readonly (keyof Likelihoods)[];
  #broken: string | null = null;
  #hasRushed = false;

  constructor(seed: number, scenario: Scenario, off: ReadonlySet<Defence>, log: string[] | null) {
    this.#log = log;
    const onBroken = (promise: string) => {
      this.#broken ??= promise;
      this.#say(() => `*** ${promise}`);
    };
    const say = (text: () => string) => this.#say(text);
    this.#world = new World({
      seed,
      scenario,
      off,
      log: say,
      onBroken,
      onPlaced: (state) => this.#watch(() => checkPlaced(this.#world, state)),
    });
    this.#shoppers = new Shoppers({ world: this.#world, log: say, onBroken });
    this.#world.poke = (orderId) => this.#world.reached(shardOf(orderId)).change(orderId, dueReached);
    this.#restore = this.#world.clock.install(!off.has("callTimeout"));
    this.#happenings = Object.entries({ ...scenario.likely } as Record<string, number>).flatMap(
      ([what, count]) => Array.from({ length: count }, () => what as keyof Likelihoods),
    );
  }

  /** The first promise that this run breaks, or null. */
  async brokenPromise(): Promise<string | null> {
    const { scenario, chance } = this.#world;
    try {
      for (let event = 0; event < scenario.events && this.#broken === null; event++) {
        await this.#happen(scenario.begins[event] ?? chance.pick(this.#happenings));
        await settled();
        this.#watch(() => checkAlways(this.#world));
      }
      if (this.#broken === null) await this.#end();
      return this.#broken;
    } finally {
      this.#restore();
    }
  }

  #say(text: () => string): void {
    this.#log?.push(`${(this.#world.now % 100_000_000) / 1000} ${text()}`);
  }

  /** Runs a check of promises and remembers the first one that is broken. */
  #watch(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#broken ??= error instanceof Error ? error.message : String(error);
    }
  }

  // --------------------------------------------------------------------------------------------------------- events

  async #happen(what: keyof Likelihoods): Promise<void> {
    const { network, scenario, chance, skus } = this.#world;
    switch (what) {
      case "order":
        this.#shoppers.order();
        break;
      case "arrive":
        network.next();
        break;
      case "wait":
        await this.#wait(chance.pick(scenario.waits));
        break;
      case "skuAlarm":
        for (const sku of skus) this.#world.ringSku(sku);
        break;
      case "shardAlarm":
      case "failingAlarm":
        for (const shard of SHARDS) this.#ringShard(shard, what === "failingAlarm");
        break;
      case "pay":
      case "authorise":
      case "operate":
      case "refuse":
      case "cancel":
        this.#change(what);
        break;
      case "poke":
        this.#onOrder((orderId) => this.#world.poke(orderId));
        break;
      case "crash":
      case "displace":
        this.#endInstance(what);
        break;
      case "rush":
        await this.#rush();
        break;
      case "makeUnreadable":
        this.#makeUnreadable();
    }
  }

  #endInstance(how: "crash" | "displace"): void {
    const shards = SHARDS.filter((shard) => this.#world.isRunning(shard));
    if (shards.length === 0) return;
    const shard = this.#world.chance.pick(shards);
    this.#say(() => `shard ${shard}: ${how}`);
    this.#world[how](shard);
  }

  async #rush(): Promise<void> {
    if (this.#hasRushed) return;
    this.#hasRushed = true;
    const { chance, scenario } = this.#world;
    await this.#shoppers.rush(chance.pick(scenario.rushOf));
  }

  #makeUnreadable(): void {
    this.#onOrder((orderId) => {
      this.#say(() => `the state of ${orderId} cannot be read`);
      this.#world.store(shardOf(orderId)).unreadable.add(orderId);
    });
  }

  async #wait(ms: number): Promise<void> {
    this.#say(() => `${ms} ms pass`);
    await this.#world.pass(ms);
  }

  #onOrder(happen: (orderId: string) => void): void {
    const ids = [...this.#world.rows()].map(({ orderId }) => orderId);
    if (ids.length > 0) happen(this.#world.chance.pick(ids));
  }

  #change(what: "pay" | "authorise" | "operate" | "refuse" | "cancel"): void {
    this.#onOrder((orderId) => {
      this.#say(() => `${what} ${orderId}`);
      this.#world.reached(shardOf(orderId)).change(orderId, payments[what]);
    });
  }

  #ringShard(shard: ShardName, fails = false): void {
    const store = this.#world.store(shard);
    if (store.nextWakeAt() > this.#world.now) return;
    this.#say(() => `shard ${shard} rings${fails ? ", and its storage fails" : ""}`);
    this.#world.current(shard).ringAlarm(fails);
    if (store.nextWakeAt() <= this.#world.now)
      this.#watch(() => {
        throw new Error(`the alarm of shard ${shard} rings again at once`);
      });
  }

  // ------------------------------------------------------------------------------------------------------------ end

  /** Everything dies, nothing is lost any more, and time passes: every unit is accounted for soon, and sold or free in the end. */
  async #end(): Promise<void> {
    const world = this.#world;
    const { scenario, skewMs, skus } = world;
    Object.assign(world.network, { loss: 0, lateness: LATENESS_IN_THE_END });
    world.shardsAreGone = scenario.shardsGone;
    if (world.chance.happens(0.5)) for (const shard of SHARDS) world.store(shard).unreadable.clear();
    if (scenario.shardsGone || world.chance.happens(0.5)) world.crashAll();
    this.#say(() => "--- quiet from here on");
    const exempt = new Set(
      skus.flatMap(({ name, units }) =>
        units.holds.filter(({ asked }) => asked >= ASKED_LONG).map(({ orderId }) => `${name} ${orderId}`),
      ),
    );
    const since = world.now;
    const slow = Math.max(0, -skewMs);
    const longest = world.holdMs + scenario.graceMs + scenario.windowMs + slow + END_SPARE_MS;
    let isAccounted = scenario.shardsGone || scenario.displacedForMs === Infinity;
    while (this.#broken === null) {
      await this.#arriveAll();
      if (isAtRest(world) || world.now - since > longest) break;
      await this.#wait(isAccounted ? LATER_STEP_MS : END_STEP_MS);
      for (const sku of skus) world.ringSku(sku);
      if (!world.shardsAreGone) this.#ringAllShards();
      if (!isAccounted && world.now - since >= ACCOUNTED_AFTER_MS + slow) {
        isAccounted = true;
        await this.#arriveAll();
        this.#watch(() => checkAccounted(world, exempt));
      }
    }
    this.#watch(() => checkEnd(world));
  }

  async #arriveAll(): Promise<void> {
    await settled();
    for (let count = 0; !this.#world.network.isQuiet && this.#broken === null; count++) {
      if (count > MAX_ARRIVALS) throw new Error("what is under way never ends");
      this.#world.network.next();
      await settled();
      this.#watch(() => checkAlways(this.#world));
    }
  }

  #ringAllShards(): void {
    for (const shard of SHARDS) this.#ringShard(shard);
    for (const { orderId, obligations } of [...this.#world.rows()])
      if (obligations.length > 0) this.#world.current(shardOf(orderId)).change(orderId, payments.operate);
  }
}
