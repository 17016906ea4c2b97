/** The object that owns one SKU's units. It loads rows, lets the rules decide, writes, and arms its alarm. */
import { DurableObject } from "cloudflare:workers";
import { createTelemetry, type Telemetry } from "../../adapters/telemetry/telemetry.ts";
import * as rules from "../../domain/inventory/rules.ts";
import type { Decision, Figures, Hold } from "../../domain/inventory/state.ts";
import { Alarm } from "../alarm.ts";
import { InventoryStorage } from "./inventory-storage.ts";
import { LedgerOutbox } from "./ledger-outbox.ts";

/** Holds freed in one go, and goes per request: a late alarm never makes one request pay for a whole sale. */
const LAPSED_CHUNK = 100;
const LAPSED_CHUNKS_PER_TURN = 5;
/** Orders poked at once after their holds lapsed. */
const POKES_AT_ONCE = 10;
/** While a ledger drain waits for its confirmation the alarm looks again no sooner than this, ms. */
const OUTBOX_LOOK_MS = 1_000;

export interface SkuFigures extends Figures {
  readonly sku: string;
}

/** What the object was asked since it woke up: a rush of page views must not show here. */
export interface RequestCounts {
  readonly reads: number;
  readonly commands: number;
}

export class SkuInventory extends DurableObject<Env> {
  readonly #storage: InventoryStorage;
  readonly #outbox: LedgerOutbox;
  readonly #alarm: Alarm;
  readonly #telemetry: Telemetry;
  #clock = 0;
  #reads = 0;
  #commands = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#storage = new InventoryStorage(ctx.storage);
    this.#outbox = new LedgerOutbox(this.#storage, (message) => env.LEDGER_QUEUE.send(message));
    this.#alarm = new Alarm(ctx.storage);
    this.#telemetry = createTelemetry({ metrics: env.METRICS });
  }

  // ------------------------------------------------------------------------------------------- placement's commands

  reserve(command: rules.Reserve): rules.ReserveOutcome {
    return this.#run((now) => rules.reserve(this.#storage, command, now));
  }

  release(orderId: string, attemptId: string): rules.ReleaseOutcome {
    return this.#run(() => rules.release(this.#storage, orderId, attemptId));
  }

  // ------------------------------------------------------------------------------------------- the order's commands

  confirm(command: rules.Confirm): rules.ConfirmOutcome {
    return this.#run((now) => rules.confirm(this.#storage, command, now));
  }

  extend(command: rules.Extend): rules.ExtendOutcome {
    return this.#run((now) => rules.extend(this.#storage, command, now));
  }

  /** @param payer the key of the card that pays, where it is known */
  commit(orderId: string, payer: string | null = null): rules.CommitOutcome {
    return this.#run((now) => rules.commit(this.#storage, orderId, payer, now));
  }

  settle(command: rules.Settle): rules.SettleOutcome {
    return this.#run((now) => rules.settle(this.#storage, command, now));
  }

  // ------------------------------------------------------------------------------------------------ ops' commands

  returnUnits(command: rules.ReturnUnits): rules.ReturnOutcome {
    return this.#run((now) => rules.returnUnits(this.#storage, command, now));
  }

  adjust(command: rules.Adjust): rules.AdjustOutcome {
    return this.#run(() => rules.adjust(this.#storage, command));
  }

  configure(command: rules.Configure): rules.ConfigureOutcome {
    return this.#run(() => rules.configure(this.#storage, command));
  }

  /** The figures as they stand, lapsed holds freed; null for a SKU that was never configured. */
  peek(): SkuFigures | null {
    this.#reads += 1;
    if (this.#storage.terms === null) return null;
    const lost = this.#freeLapsed(this.#now());
    this.#afterwards();
    if (lost.length > 0) this.ctx.waitUntil(this.#pokeOrders(lost));
    return { sku: this.#sku(), ...this.#storage.figures };
  }

  /** Does not count itself. */
  requestCounts(): RequestCounts {
    return { reads: this.#reads, commands: this.#commands };
  }

  // ---------------------------------------------------------------------------------------------- outbox and time

  /** The ledger consumer committed everything up to `sequence` to Postgres. */
  confirmLedger(sequence: number): void {
    this.#outbox.confirmed(sequence);
    this.#afterwards();
  }

  /** Frees what has lapsed and pokes the orders that lost their units: the cron's net under the alarm. */
  async sweep(): Promise<void> {
    if (this.#storage.terms === null) return;
    const lost = this.#freeLapsed(this.#now());
    this.#afterwards();
    await this.#pokeOrders(lost);
  }

  override async alarm(): Promise<void> {
    this.#alarm.forget();
    try {
      await this.sweep();
    } catch (error) {
      // Caught, because a throwing alarm is retried six times and then never again; this one is always armed anew.
      this.#telemetry.fault("sku.alarm_failed", error, { sku: this.#sku() });
    } finally {
      this.#arm();
    }
  }

  // --------------------------------------------------------------------------------------------------------- inside

  #run<Outcome>(decide: (now: number) => Decision<Outcome>): Outcome {
    this.#commands += 1;
    const now = this.#now();
    const lost = this.#freeLapsed(now);
    const { outcome, changes } = decide(now);
    this.#storage.apply(changes, now);
    if (changes.length > 0 || lost.length > 0) this.#afterwards();
    if (lost.length > 0) this.ctx.waitUntil(this.#pokeOrders(lost));
    return outcome;
  }

  /** Lazy expiry, in bounded chunks. Answers the confirmed holds that were lost: their orders must hear of it. */
  #freeLapsed(now: number): Hold[] {
    const lost: Hold[] = [];
    for (let chunk = 0; chunk < LAPSED_CHUNKS_PER_TURN; chunk++) {
      const { outcome, changes } = rules.releaseLapsed(this.#storage, now, LAPSED_CHUNK);
      if (outcome.length === 0) break;
      this.#storage.apply(changes, now);
      lost.push(...outcome.filter((hold) => hold.state === "confirmed"));
    }
    return lost;
  }

  async #pokeOrders(lost: readonly Hold[]): Promise<void> {
    for (let start = 0; start < lost.length; start += POKES_AT_ONCE) {
      const pokes = lost
        .slice(start, start + POKES_AT_ONCE)
        .map((hold) => this.env.ORDER.getByName(hold.orderId).poke());
      for (const result of await Promise.allSettled(pokes)) {
        // The order's own alarm is the other way to learn of it, so a failed poke is only noted.
        if (result.status === "rejected")
          this.#telemetry.fault("order.poke_failed", result.reason, { sku: this.#sku() });
      }
    }
  }

  #afterwards(): void {
    if (this.#outbox.isDue(this.#now())) this.ctx.waitUntil(this.#drain());
    this.#arm();
  }

  async #drain(): Promise<void> {
    try {
      await this.#outbox.drain(this.#sku(), this.#now(), Math.random());
    } catch (error) {
      this.#telemetry.fault("ledger.send_failed", error, { sku: this.#sku() });
    }
  }

  #arm(): void {
    const now = this.#now();
    const lapseAt = this.#storage.nextLapseAt();
    const outboxAt = this.#outbox.nextAt(now);
    const moments = [
      ...(lapseAt === null ? [] : [lapseAt]),
      ...(outboxAt === null ? [] : [Math.max(outboxAt, now + OUTBOX_LOOK_MS)]),
    ];
    this.#alarm.arm(moments.length === 0 ? null : Math.min(...moments));
  }

  /** The object's own clock never runs backwards while it lives. */
  #now(): number {
    this.#clock = Math.max(this.#clock, Date.now());
    return this.#clock;
  }

  #sku(): string {
    const { name } = this.ctx.id;
    if (name === undefined) throw new Error("a SKU object is always addressed by its SKU");
    return name;
  }
}
