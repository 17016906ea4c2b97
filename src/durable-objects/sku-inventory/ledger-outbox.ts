/** A SKU's ledger on its way to Postgres: one drain in flight, sent again until the consumer confirms it. */
import { MESSAGE_VERSION, type LedgerAppended, type StockLevel } from "../../contracts/messages.ts";
import { backoffMs, type BackoffOptions } from "../../domain/backoff.ts";
import type { InventoryStorage } from "./inventory-storage.ts";

/** Entries a message carries at most: about 60 KB, half of what a queue message may be. */
const ENTRIES_PER_MESSAGE = 400;
/** How soon an unconfirmed drain is sent again. */
const SEND_AGAIN: BackoffOptions = { baseMs: 8_000, maxMs: 300_000 };

export class LedgerOutbox {
  readonly #storage: InventoryStorage;
  readonly #send: (message: LedgerAppended) => Promise<unknown>;
  /** Memory only: after a crash the first drain sends again, which is harmless. */
  #inFlight: { upTo: number; nextAt: number } | null = null;
  #attempts = 0;
  /** Nothing up to this sequence waits to be sent; -1 until the rows were looked at once. */
  #sentUpTo = -1;

  constructor(storage: InventoryStorage, send: (message: LedgerAppended) => Promise<unknown>) {
    this.#storage = storage;
    this.#send = send;
  }

  /**
   * Sends the oldest unconfirmed entries unless a drain is in flight.
   *
   * @returns nothing; a queue that cannot be reached counts as an attempt and is tried again at `nextAt`.
   */
  async drain(sku: string, now: number, random: number): Promise<void> {
    if (!this.isDue(now)) return;
    const entries = this.#storage.unconfirmedLedger(ENTRIES_PER_MESSAGE);
    const last = entries.at(-1);
    this.#sentUpTo = last?.sequence ?? this.#storage.figures.ledgerSequence;
    if (last === undefined) return;
    this.#attempts += 1;
    this.#inFlight = { upTo: last.sequence, nextAt: now + backoffMs(this.#attempts, SEND_AGAIN, random) };
    await this.#send({ v: MESSAGE_VERSION, type: "ledger.appended", level: this.#level(sku, now), entries });
  }

  /** The consumer committed everything up to `sequence`. */
  confirmed(sequence: number): void {
    this.#storage.dropLedgerUpTo(sequence);
    if (this.#inFlight === null || sequence < this.#inFlight.upTo) return;
    this.#inFlight = null;
    this.#attempts = 0;
  }

  /** Whether there may be something to send now: entries wait, and none of them is on its way. */
  isDue(now: number): boolean {
    const nextAt = this.nextAt(now);
    return nextAt !== null && nextAt <= now;
  }

  /** When the outbox has something to send by itself, epoch ms, or null. */
  nextAt(now: number): number | null {
    if (this.#inFlight !== null) return this.#inFlight.nextAt;
    return this.#sentUpTo < this.#storage.figures.ledgerSequence ? now : null;
  }

  #level(sku: string, now: number): StockLevel {
    const { available, held, sold, received, adjusted, ledgerSequence } = this.#storage.figures;
    const opensAt = this.#storage.terms?.opensAt ?? null;
    return { sku, sequence: ledgerSequence, available, held, sold, received, adjusted, opensAt, at: now };
  }
}
