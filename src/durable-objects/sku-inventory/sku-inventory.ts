/** The object that owns one SKU's units. It loads rows, lets the rules decide, writes, and arms its alarm. */
import { DurableObject } from "cloudflare:workers";
import { withinTime } from "../../adapters/outage/within-time.ts";
import { createTelemetry, type Telemetry } from "../../adapters/telemetry/telemetry.ts";
import { decide, type SkuCommand, type SkuOutcome } from "../../domain/inventory/commands.ts";
import * as rules from "../../domain/inventory/rules.ts";
import type { Decision, Figures, Hold } from "../../domain/inventory/state.ts";
import type { LedgerFacts, UnitFacts, UnitSums } from "../../domain/reconciliation/facts.ts";
import { Alarm } from "../alarm.ts";
import { sendWhenDurable } from "../durable-send.ts";
import { orderShards, type OrderShards } from "../order-shard/order-shards.ts";
import { InventoryStorage } from "./inventory-storage.ts";
import { LedgerOutbox } from "./ledger-outbox.ts";

/** Holds freed in one go, and goes per request: a late alarm never makes one request pay for a whole sale. */
const LAPSED_CHUNK = 100;
const LAPSED_CHUNKS_PER_TURN = 5;
/** Tentative holds that ask in one go. */
const QUESTIONS_AT_ONCE = 500;
/** While a ledger drain waits for its confirmation the alarm looks again no sooner than this, ms. */
const OUTBOX_LOOK_MS = 1_000;
/** How long a shard may take to answer: the alarm waits for it, and asks again. */
const SHARD_TIMEOUT_MS = 5_000;
/** Old ids of commands forgotten by one sweep. */
const COMMANDS_FORGOTTEN = 500;
/** Orders in one page of reconciliation. */
const ORDERS_COMPARED = 500;
/** Commands one call may carry: a lane sends at most 200. */
const MAX_COMMANDS = 500;

export interface SkuFigures extends Figures {
  readonly sku: string;
}

/** What the object was asked since it woke up: a rush of page views must not show here. */
export interface RequestCounts {
  readonly reads: number;
  /** Calls that carry commands. */
  readonly calls: number;
  readonly commands: number;
}

/** What became of one command of a batch: its outcome, or the fault that took down this one and no other. */
export type CommandResult = { readonly outcome: SkuOutcome } | { readonly fault: string };

export class SkuInventory extends DurableObject<Env> {
  readonly #storage: InventoryStorage;
  readonly #outbox: LedgerOutbox;
  readonly #alarm: Alarm;
  readonly #telemetry: Telemetry;
  readonly #orders: OrderShards;
  #clock = 0;
  #reads = 0;
  #calls = 0;
  #commands = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#storage = new InventoryStorage(ctx.storage);
    this.#outbox = new LedgerOutbox(this.#storage, (message) =>
      sendWhenDurable(ctx.storage, () => env.LEDGER_QUEUE.send(message)),
    );
    this.#alarm = new Alarm(ctx.storage);
    this.#telemetry = createTelemetry({ metrics: env.METRICS });
    this.#orders = orderShards(env);
  }

  // --------------------------------------------------------------------------------------------- orders' commands

  /**
   * Decides each command on what the one before left. All of the call is one turn and so one write; a command that throws is undone
   * by itself: then all of them are taken again, each in a savepoint of its own.
   *
   * @throws RangeError for more than 500 commands
   */
  run(commands: readonly SkuCommand[]): CommandResult[] {
    if (commands.length > MAX_COMMANDS) throw new RangeError(`more than ${MAX_COMMANDS} commands`);
    this.#calls += 1;
    this.#commands += commands.length;
    return this.#turn((now) => {
      const results = this.#refused(commands, now);
      const rest = commands.slice(results.length);
      if (rest.length > 0) results.push(...this.#takeAll(rest, now));
      return results;
    });
  }

  /** The outcomes of the first commands that change nothing: in a rush they are all there is, and need no savepoint. */
  #refused(commands: readonly SkuCommand[], now: number): CommandResult[] {
    const results: CommandResult[] = [];
    try {
      for (const command of commands) {
        const { outcome, changes } = decide(this.#storage, command, now);
        if (changes.length > 0) break;
        results.push({ outcome });
      }
    } catch {
      // Met again by `#takeAll`, which says what it was.
    }
    return results;
  }

  #takeAll(commands: readonly SkuCommand[], now: number): CommandResult[] {
    const take = (command: SkuCommand) => ({
      outcome: this.#take(decide(this.#storage, command, now), now),
    });
    try {
      return this.#storage.atomically(() => commands.map(take));
    } catch {
      return commands.map((command): CommandResult => {
        try {
          return take(command);
        } catch (error) {
          this.#telemetry.fault("sku.command_failed", error, { sku: this.#sku(), reason: command.kind });
          return { fault: error instanceof Error ? error.message : String(error) };
        }
      });
    }
  }

  // ------------------------------------------------------------------------------------------------ ops' commands

  adjust(command: rules.Adjust): rules.AdjustOutcome {
    return this.#turn((now) => this.#take(rules.adjust(this.#storage, command), now));
  }

  configure(command: rules.Configure): rules.ConfigureOutcome {
    return this.#turn((now) => this.#take(rules.configure(this.#storage, command), now));
  }

  /** The figures as they stand, lapsed holds freed; null for a SKU that was never configured. */
  peek(): SkuFigures | null {
    this.#reads += 1;
    if (this.#storage.terms === null) return null;
    return this.#turn(() => ({ sku: this.#sku(), ...this.#storage.figures }));
  }

  /** Does not count itself. */
  requestCounts(): RequestCounts {
    return { reads: this.#reads, calls: this.#calls, commands: this.#commands };
  }

  // ------------------------------------------------------------------------------------------------- reconciliation

  unitsOf(orderIds: readonly string[]): UnitFacts[] {
    return this.#storage.unitsOf(orderIds);
  }

  /** A page of the orders that units are sold to. */
  soldUnits(
    after: string,
    since: number | null,
  ): { readonly sold: UnitFacts[]; readonly next: string | null } {
    const ids = this.#storage.soldOrders(after, ORDERS_COMPARED, since);
    return {
      sold: this.#storage.unitsOf(ids),
      next: ids.length < ORDERS_COMPARED ? null : (ids.at(-1) ?? null),
    };
  }

  /** The ledger against a copy that is complete up to `completeThrough`; null for a SKU that was never configured. */
  ledgerFacts(completeThrough: number): LedgerFacts | null {
    if (this.#storage.terms === null) return null;
    const { confirmedThrough } = this.ledgerBase();
    const isKept = completeThrough >= confirmedThrough;
    return {
      sku: this.#sku(),
      confirmedThrough,
      sumsThen: isKept ? this.#sumsAt(completeThrough) : null,
    };
  }

  /** Up to where Postgres has confirmed the ledger, and the figures then. */
  ledgerBase(): { readonly confirmedThrough: number; readonly sums: UnitSums } {
    const { first } = this.#storage.ledgerAfter(0);
    const confirmedThrough = first === null ? this.#storage.figures.ledgerSequence : first - 1;
    return { confirmedThrough, sums: this.#sumsAt(confirmedThrough) };
  }

  #sumsAt(sequence: number): UnitSums {
    const { sums } = this.#storage.ledgerAfter(sequence);
    const { available, held, sold, received, adjusted } = this.#storage.figures;
    return {
      available: available - sums.available,
      held: held - sums.held,
      sold: sold - sums.sold,
      received: received - sums.received,
      adjusted: adjusted - sums.adjusted,
    };
  }

  // ---------------------------------------------------------------------------------------------- outbox and time

  /** The ledger consumer committed everything up to `sequence` to Postgres. */
  confirmLedger(sequence: number): void {
    this.#outbox.confirmed(sequence);
    this.#afterwards();
  }

  /** Frees what has lapsed and pokes the orders that lost their units, and has tentative holds ask: also the cron's safety net. */
  async sweep(): Promise<void> {
    if (this.#storage.terms === null) return;
    const now = this.#now();
    const lost = this.#freeLapsed(now);
    const questions = this.#take(rules.ask(this.#storage, now, QUESTIONS_AT_ONCE, Math.random), now);
    this.#storage.flush();
    this.#storage.forgetCommands(now, COMMANDS_FORGOTTEN);
    this.#afterwards();
    await Promise.all([this.#pokeOrders(lost), this.#ask(questions)]);
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

  /** Frees what has lapsed, does the work, writes the figures once and arms. */
  #turn<T>(work: (now: number) => T): T {
    const now = this.#now();
    const before = this.#storage.figures;
    const lost = this.#freeLapsed(now);
    let result: T;
    try {
      result = work(now);
    } finally {
      // Also where the work throws: what was freed before it is written, and the figures must be with it.
      this.#storage.flush();
    }
    if (this.#storage.figures !== before || this.#storage.nextAskAt() !== null) this.#afterwards();
    if (lost.length > 0) this.ctx.waitUntil(this.#pokeOrders(lost));
    return result;
  }

  #take<Outcome>({ outcome, changes }: Decision<Outcome>, now: number): Outcome {
    this.#storage.apply(changes, now);
    return outcome;
  }

  /** Lazy expiry, in bounded chunks. Answers the holds that were lost: their orders must hear of it. */
  #freeLapsed(now: number): Hold[] {
    const lost: Hold[] = [];
    for (let chunk = 0; chunk < LAPSED_CHUNKS_PER_TURN; chunk++) {
      const lapsed = this.#take(rules.releaseLapsed(this.#storage, now, LAPSED_CHUNK), now);
      lost.push(...lapsed);
      if (lapsed.length < LAPSED_CHUNK) break;
    }
    return lost;
  }

  async #pokeOrders(lost: readonly Hold[]): Promise<void> {
    const pokes = this.#orders
      .byShard(lost)
      .map(([name, holds]) =>
        withinTime(
          this.#orders.shard(name).poke(holds.map(({ orderId }) => orderId)),
          SHARD_TIMEOUT_MS,
          `${name} did not answer in time`,
        ),
      );
    for (const result of await Promise.allSettled(pokes)) {
      // The shard's own alarm is the other way to learn of it, so a failed poke is only noted.
      if (result.status === "rejected")
        this.#telemetry.fault("order.poke_failed", result.reason, { sku: this.#sku() });
    }
  }

  /** Crash recovery: tentative holds ask their shards whether there is an order. No command waits for it. */
  async #ask(questions: readonly rules.HoldQuestion[]): Promise<void> {
    await Promise.all(
      this.#orders.byShard(questions).map(async ([name, asked]) => {
        try {
          const asking = this.#orders.shard(name).whichAreOpen(asked);
          const answers = await withinTime(asking, SHARD_TIMEOUT_MS, `${name} did not answer in time`);
          this.#turn((then) => {
            for (const [index, question] of asked.entries()) {
              const answer = answers[index];
              if (answer !== undefined) this.#take(rules.answered(this.#storage, question, answer), then);
            }
          });
        } catch (error) {
          // Asked again: every hold's next question was put off before this one was sent.
          this.#telemetry.fault("sku.question_failed", error, { sku: this.#sku() });
        }
      }),
    );
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
    const outboxAt = this.#outbox.nextAt(now);
    const moments = [
      this.#storage.nextLapseAt(),
      this.#storage.nextAskAt(),
      outboxAt === null ? null : Math.max(outboxAt, now + OUTBOX_LOOK_MS),
    ].filter((at) => at !== null);
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
