/** One random story in the model's world: who orders what, what goes wrong, and what must hold after every event. */
import { assertConserved } from "../../../domain/inventory/state.ts";
import {
  beginPayment,
  cancelByShopper,
  observeIntent,
  operationDone,
  operationOwed,
} from "../../../domain/order/payment.ts";
import { creationId, type Intent } from "../../../domain/order/payment-operation.ts";
import { deadlineOf, type OrderState } from "../../../domain/order/state.ts";
import { placeInEpochs } from "../place-in-epochs.ts";
import type { Defence } from "./defences.ts";
import { World, type PlaceOutcome, type PlaceRequest } from "./world.ts";

const EVENTS = 140;
const LIMIT = 2;
const GRACE_MS = 5_000;
const SOLD_OUT_FOR_MS = 250;

interface Content {
  readonly name: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}
const CONTENTS: readonly Content[] = [
  { name: "x", lines: [{ sku: "X", quantity: 1 }] },
  { name: "x-again", lines: [{ sku: "X", quantity: 1 }] },
  { name: "xx", lines: [{ sku: "X", quantity: 2 }] },
  {
    name: "xy",
    lines: [
      { sku: "X", quantity: 1 },
      { sku: "Y", quantity: 1 },
    ],
  },
  {
    name: "yx",
    lines: [
      { sku: "Y", quantity: 1 },
      { sku: "X", quantity: 1 },
    ],
  },
];

export class Violation extends Error {
  override readonly name = "Violation";
}

/** @throws Violation that tells the story, where a promise was broken */
export async function tell(seed: number, off: ReadonlySet<Defence> = new Set()): Promise<void> {
  const story = new Story(seed, off);
  try {
    await story.run();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Violation([`seed ${seed}: ${said}`, ...story.world.log].join("\n  "));
  }
}

class Story {
  readonly world: World;
  /** Content that was acknowledged under a key, and the order's id. */
  readonly #acknowledged = new Map<string, { readonly content: string; readonly orderId: string }>();
  readonly #holdMs: number;
  readonly #windowMs = 60_000;
  readonly #lossy: number;
  /** When the second epoch begins; far off in most stories. */
  readonly #epochFrom: number;
  readonly #intents = new Map<string, Intent>();

  constructor(seed: number, off: ReadonlySet<Defence>) {
    this.world = new World(seed, off);
    const { world } = this;
    this.#holdMs = world.pick([8_000, 120_000, 300_000]);
    this.#lossy = world.pick([0, 0.1, 0.3]);
    this.#epochFrom = world.random() < 0.3 ? world.now + world.pick([0, 5_000, 20_000]) : Infinity;
    world.skewMs = world.pick([0, 0, 2_000, -2_000]);
    const limit = world.random() < 0.3 ? LIMIT : null;
    world.stock("X", world.pick([1, 1, 2, 3]), limit);
    world.stock("Y", world.pick([1, 2]), null);
  }

  async run(): Promise<void> {
    for (let event = 0; event < EVENTS; event++) {
      this.#next();
      await settled();
      this.#check();
    }
    await this.#end();
  }

  // --------------------------------------------------------------------------------------------------------- events

  #next(): void {
    const { world } = this;
    const dice = world.random();
    if (dice < 0.16) this.#order();
    else if (dice < 0.68) this.#deliver();
    else if (dice < 0.78) this.#wait(world.pick([10, 100, 1_000, 5_000, 11_000, 61_000]));
    else if (dice < 0.82) this.#ask();
    else if (dice < 0.86) this.#alarm();
    else if (dice < 0.94) this.#act();
    else if (dice < 0.97) this.#say("crash", () => world.crash(this.#shard()));
    else this.#say("displaced", () => world.displace(this.#shard()));
  }

  #say(what: string, happen: () => void): void {
    this.world.log.push(`${this.world.now % 1_000_000} ${what}`);
    happen();
  }

  #shard = (): string => this.world.pick(["shard-1", "shard-2"]);

  #deliver(): void {
    const { world } = this;
    if (world.pending.size === 0) return;
    const pending = world.pick([...world.pending]);
    world.pending.delete(pending);
    const lose = world.random() < this.#lossy ? pending.lose : null;
    this.#say(lose === null ? pending.what : `LOST: ${pending.what}`, lose ?? pending.happen);
  }

  #wait(ms: number): void {
    this.#say(`${ms} ms pass`, () => {
      this.world.now += ms;
      for (const sku of this.world.skus.keys()) this.world.lapse(sku);
    });
  }

  #ask(): void {
    for (const sku of this.world.skus.keys()) this.world.ask(sku, shardOf);
  }

  #alarm(): void {
    for (const shard of ["shard-1", "shard-2"]) {
      const instance = this.world.current(shard);
      for (const due of instance.rows.takeDue(this.world.now)) instance.orders.wake(due);
    }
  }

  /** Somebody places an order, or tries again. */
  #order(): void {
    const { world } = this;
    const key = world.pick(["k", "k", "m", "n"]);
    const content = world.pick(CONTENTS);
    const total = content.lines.reduce((sum, { quantity }) => sum + 100 * quantity, 0);
    const expectedTotal = world.pick([null, total, total, 1]);
    const workerNow = world.now + world.pick([0, 0, -1_500, 1_500]);
    const isSecond = workerNow >= this.#epochFrom;
    const ids = {
      current: `${isSecond ? 2 : 1}-${key}`,
      former: isSecond ? `1-${key}` : null,
      next: !isSecond && this.#epochFrom !== Infinity ? `2-${key}` : null,
    };
    const placing: Omit<PlaceRequest, "orderId"> = {
      fingerprint: content.name,
      buyer: `buyer of ${key}`,
      accountId: null,
      cart: key,
      network: null,
      lines: content.lines.map((line) => ({ ...line, name: line.sku })),
      shippingMethod: "standard",
      expectedTotal,
      agreed: null,
      durations: { holdMs: this.#holdMs, windowMs: this.#windowMs, graceMs: GRACE_MS },
      contact: {
        email: key,
        shippingAddress: { name: "", line1: "", city: "", postalCode: "", country: "US" },
      },
      isProven: true,
    };
    const orders = {
      nameOf: shardOf,
      shard: (name: string) => {
        const placements = world.reached(name).placing(world.now);
        return {
          place: (request: PlaceRequest) => placements.place(request),
          closeUnlessPlaced: (orderId: string, fingerprint: string) =>
            placements.closeUnlessPlaced(orderId, fingerprint),
        };
      },
    };
    const startedAt = world.now;
    this.#say(`${key} orders ${content.name} in ${ids.current}`, () => {
      const deps = {
        orders: orders as never,
        skuObject: () => {
          throw new Error("every SKU is configured");
        },
      };
      placeInEpochs(deps, ids, placing, []).then(
        (outcome) => {
          this.#answered(key, content, outcome, startedAt);
        },
        // A displaced instance has stopped: the client hears nothing.
        () => undefined,
      );
    });
  }

  #answered(key: string, content: Content, outcome: PlaceOutcome, startedAt: number): void {
    const { world } = this;
    world.log.push(`${world.now % 1_000_000} ${key} hears ${JSON.stringify(outcome).slice(0, 120)}`);
    if (outcome.ok) {
      const { orderId, fingerprint } = outcome.record;
      if (fingerprint !== content.name)
        this.#broken(`201 for ${content.name}, but the order is ${fingerprint}`);
      const known = this.#acknowledged.get(key);
      if (known !== undefined && known.orderId !== orderId) this.#broken(`two orders of key ${key}`);
      this.#acknowledged.set(key, { content: content.name, orderId });
      return;
    }
    if (outcome.reason !== "refused") return;
    for (const { sku, requested, outcome: refusal } of outcome.refusals) {
      if (refusal.reason !== "sold_out") continue;
      const seen = world.available.get(sku) ?? [];
      const since = startedAt - SOLD_OUT_FOR_MS;
      const before = seen.findLast(({ at }) => at < since);
      const during = [...(before === undefined ? [] : [before]), ...seen.filter(({ at }) => at >= since)];
      if (!during.some(({ units }) => units < requested))
        this.#broken(`${sku} was sold out for ${key}, and was not at any time since`);
    }
  }

  #pendingViolation: string | null = null;
  #broken(what: string): void {
    this.#pendingViolation ??= what;
  }

  /** What happens to an order after it was placed: paid, cancelled, captured, extended. */
  #act(): void {
    const { world } = this;
    const ids = [...world.rows().keys()];
    if (ids.length === 0) return;
    const orderId = world.pick(ids);
    const instance = world.current(shardOf(orderId));
    const change = (what: string, rule: (state: OrderState, now: number) => OrderState) => {
      this.#say(
        `${what} ${orderId}`,
        () => void instance.orders.change(orderId, rule).catch(() => undefined),
      );
    };
    switch (world.pick(["pay", "pay", "authorise", "authorise", "capture", "cancel"])) {
      case "pay":
        return change("pay", (state, now) =>
          state.status === "reserved" && state.decision === null && now < deadlineOf(state)
            ? beginPayment(state, now)
            : state,
        );
      case "authorise":
        return change("authorise", (state, now) => {
          if (state.payment === null || state.payment.phase === "extending") return state;
          return observeIntent(state, this.#intentOf(state, "requires_capture"), null, now);
        });
      case "capture":
        return change("capture", (state, now) => {
          const owed = operationOwed(state);
          if (owed?.kind !== "capture") return state;
          const intent = this.#intentOf(state, "succeeded");
          return operationDone(
            state,
            { kind: "capture", n: owed.n, outcome: "intent", intent, clientSecret: null },
            now,
          );
        });
      default:
        return change("cancel", (state, now) => cancelByShopper(state, now).state);
    }
  }

  #intentOf({ orderId, totals, payment }: OrderState, status: Intent["status"]): Intent {
    const intent: Intent = {
      id: `pi_${orderId}`,
      amountMinor: totals.total,
      currency: totals.currency,
      status,
      capturedMinor: status === "succeeded" ? totals.total : 0,
      lastError: null,
      orderId,
      operationId: creationId(orderId, payment?.n ?? 1),
    };
    this.#intents.set(orderId, intent);
    return intent;
  }

  // -------------------------------------------------------------------------------------------------------- promises

  #check(): void {
    if (this.#pendingViolation !== null) throw new Error(this.#pendingViolation);
    const rows = this.world.rows();
    for (const [sku, units] of this.world.skus) {
      assertConserved(units.figures);
      for (const hold of units.holds) {
        const row = rows.get(hold.orderId);
        const isOwn = row?.fingerprint === hold.fingerprint && row.units !== "settled";
        if (hold.state !== "tentative" && !isOwn)
          throw new Error(`${sku} keeps units for no order (${hold.orderId})`);
      }
      for (const key of ["k", "m", "n"]) {
        const own = units.holds.filter(({ buyer }) => buyer === `buyer of ${key}`);
        const count = own.reduce((sum, { quantity }) => sum + quantity, 0);
        if (units.terms?.purchaseLimit != null && count > units.terms.purchaseLimit)
          throw new Error(`${key} has ${count} of ${sku}`);
      }
    }
    for (const { orderId } of this.#acknowledged.values())
      this.#checkAcknowledged(rows.get(orderId), orderId);
  }

  /** An acknowledged order has its units until it says otherwise, or its deadline has come. */
  #checkAcknowledged(row: OrderState | undefined, orderId: string): void {
    if (row === undefined) throw new Error(`the acknowledged order ${orderId} is lost`);
    const { world } = this;
    // While it is being extended nobody was promised the later deadline yet.
    const deadline = row.payment?.phase === "extending" ? row.holdExpiresAt : deadlineOf(row);
    const isLive = row.units === "committed" || (row.units === "held" && world.now + world.skewMs < deadline);
    if (!isLive) return;
    for (const { sku, quantity } of row.lines) {
      const hold = world.sku(sku).hold(orderId);
      if (hold === null || hold.quantity !== quantity || hold.fingerprint !== row.fingerprint)
        throw new Error(`the order ${orderId} has lost its units of ${sku}`);
    }
  }

  /** Everything that is on its way arrives, nothing is lost any more, and time passes: every unit is then sold or free. */
  async #end(): Promise<void> {
    const { world } = this;
    world.log.push("--- quiet from here on");
    const quietFor = this.#holdMs + this.#windowMs + 600_000;
    for (const until = world.now + quietFor; world.now < until;) {
      for (let rounds = 0; rounds < 200 && world.pending.size > 0; rounds++) {
        const [pending] = world.pending;
        if (pending === undefined) break;
        world.pending.delete(pending);
        pending.happen();
        await settled();
      }
      this.#check();
      this.#wait(20_000);
      this.#alarm();
      this.#ask();
      await settled();
    }
    this.#check();
    const rows = world.rows();
    for (const [sku, units] of world.skus) {
      const held = units.holds.filter(({ state }) => state !== "committed");
      const open = held.filter(({ orderId }) => rows.get(orderId)?.units !== "held");
      if (open.length > 0)
        throw new Error(`${sku} still holds for ${open.map(({ orderId }) => orderId).join()}`);
      const sold = [...rows.values()].flatMap((row) => (row.units === "committed" ? row.lines : []));
      const units_ = sold.filter((line) => line.sku === sku).reduce((sum, { quantity }) => sum + quantity, 0);
      if (units.figures.sold !== units_)
        throw new Error(`${sku} sold ${units.figures.sold}, orders have ${units_}`);
    }
    for (const row of rows.values())
      if (row.units === "settling") throw new Error(`order ${row.orderId} never gave its units back`);
    const orders = Map.groupBy(rows.values(), ({ orderId }) => orderId.slice(2));
    for (const [key, own] of orders) if (own.length > 1) throw new Error(`key ${key} made two orders`);
  }
}

const shardOf = (orderId: string): string =>
  /^1-[kn]/.test(orderId) || orderId === "2-m" ? "shard-1" : "shard-2";

/** Until everything that can run without another event has run. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
