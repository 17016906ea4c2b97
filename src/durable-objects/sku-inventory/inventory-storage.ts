/** A SKU's rows: the view the rules look at, and the one place where their changes are written. */
import {
  applyDeltas,
  EMPTY_FIGURES,
  type Change,
  type Figures,
  type Hold,
  type HoldState,
  type InventoryView,
  type LedgerChange,
  type LedgerKind,
  type Terms,
  type Tombstone,
} from "../../domain/inventory/state.ts";
import type { LedgerEntry } from "../../contracts/messages.ts";
import { migrateStorage, storageVersion, type StorageMigrations } from "../storage-migrations.ts";

const MIGRATIONS: StorageMigrations = [
  [
    `CREATE TABLE sku (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      available INTEGER NOT NULL CHECK (available >= 0),
      held INTEGER NOT NULL CHECK (held >= 0),
      sold INTEGER NOT NULL CHECK (sold >= 0),
      received INTEGER NOT NULL,
      adjusted INTEGER NOT NULL,
      ledger_sequence INTEGER NOT NULL,
      terms TEXT,
      CHECK (available + held + sold = received + adjusted)
    )`,
    `CREATE TABLE holds (
      order_id TEXT PRIMARY KEY,
      attempt_id TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      quantity INTEGER NOT NULL CHECK (quantity > 0),
      unit_amount_minor INTEGER NOT NULL,
      currency TEXT NOT NULL,
      buyer TEXT NOT NULL,
      cart TEXT,
      state TEXT NOT NULL,
      born_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      latest_expires_at INTEGER NOT NULL
    ) WITHOUT ROWID`,
    "CREATE INDEX holds_by_expiry ON holds (expires_at) WHERE state <> 'committed'",
    "CREATE INDEX holds_by_buyer ON holds (buyer)",
    `CREATE TABLE tombstones (
      order_id TEXT PRIMARY KEY,
      reopenable INTEGER NOT NULL,
      until INTEGER NOT NULL
    ) WITHOUT ROWID`,
    "CREATE INDEX tombstones_by_end ON tombstones (until)",
    `CREATE TABLE commands (id TEXT PRIMARY KEY, effect INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID`,
    `CREATE TABLE ledger (
      sequence INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      kind TEXT NOT NULL,
      reference TEXT NOT NULL,
      reason TEXT,
      available INTEGER NOT NULL,
      held INTEGER NOT NULL,
      sold INTEGER NOT NULL,
      received INTEGER NOT NULL,
      adjusted INTEGER NOT NULL
    )`,
  ],
  // Holds of the former version have neither: they were judged when they were made, and are not again.
  [
    "ALTER TABLE holds ADD COLUMN payer TEXT",
    "ALTER TABLE holds ADD COLUMN purchase_limit INTEGER",
    "CREATE INDEX holds_by_payer ON holds (payer) WHERE payer IS NOT NULL",
  ],
];

/** What a hold was born with never changes, but for the attempt that adopted it and the quantity left after a return. */
const PUT_HOLD = `INSERT INTO holds (order_id, attempt_id, fingerprint, quantity, unit_amount_minor, currency, buyer, cart,
    state, born_at, expires_at, latest_expires_at, payer, purchase_limit)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (order_id) DO UPDATE SET
    attempt_id = excluded.attempt_id,
    quantity = excluded.quantity,
    payer = excluded.payer,
    state = excluded.state,
    expires_at = excluded.expires_at,
    latest_expires_at = excluded.latest_expires_at`;

/** Tombstones past their time are dropped this many at a time, whenever one is written. */
const TOMBSTONE_PRUNE_ROWS = 50;

interface HoldRow extends Record<string, SqlStorageValue> {
  order_id: string;
  attempt_id: string;
  fingerprint: string;
  quantity: number;
  unit_amount_minor: number;
  currency: string;
  buyer: string;
  cart: string | null;
  state: string;
  born_at: number;
  expires_at: number;
  latest_expires_at: number;
  payer: string | null;
  purchase_limit: number | null;
}

function toHold(row: HoldRow): Hold {
  return {
    orderId: row.order_id,
    attemptId: row.attempt_id,
    fingerprint: row.fingerprint,
    quantity: row.quantity,
    unitAmountMinor: row.unit_amount_minor,
    currency: row.currency,
    buyer: row.buyer,
    payer: row.payer,
    purchaseLimit: row.purchase_limit,
    cart: row.cart,
    state: row.state as HoldState,
    bornAt: row.born_at,
    expiresAt: row.expires_at,
    latestExpiresAt: row.latest_expires_at,
  };
}

interface SkuRow extends Record<string, SqlStorageValue> {
  available: number;
  held: number;
  sold: number;
  received: number;
  adjusted: number;
  ledger_sequence: number;
  terms: string | null;
}

/**
 * Reads are safe on storage never written to; the tables are made by the first write (`prepareForWrites`), so that an
 * object that is only asked for takes no room.
 */
export class InventoryStorage implements InventoryView {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  #prepared: boolean;
  #figures: Figures = EMPTY_FIGURES;
  #terms: Terms | null = null;
  /** False only where there surely is none: most rushes never look. */
  #hasTombstones = false;
  /** When the earliest uncommitted hold lapses; undefined when it has to be read again. */
  #nextLapseAt: number | null | undefined = undefined;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#prepared = storageVersion(this.#sql) > 0;
    if (this.#prepared) {
      migrateStorage(storage, MIGRATIONS);
      this.#load();
    }
  }

  get figures(): Figures {
    return this.#figures;
  }

  get terms(): Terms | null {
    return this.#terms;
  }

  hold(orderId: string): Hold | null {
    if (!this.#prepared) return null;
    const [row] = this.#sql.exec<HoldRow>("SELECT * FROM holds WHERE order_id = ?", orderId).toArray();
    return row === undefined ? null : toHold(row);
  }

  tombstone(orderId: string): Tombstone | null {
    if (!this.#hasTombstones) return null;
    const [row] = this.#sql
      .exec<{ reopenable: number; until: number }>(
        "SELECT reopenable, until FROM tombstones WHERE order_id = ?",
        orderId,
      )
      .toArray();
    return row === undefined ? null : { orderId, reopenable: row.reopenable === 1, until: row.until };
  }

  holdsOf(buyer: string, another?: string): readonly Hold[] {
    if (!this.#prepared) return [];
    const rows =
      another === undefined
        ? this.#sql.exec<HoldRow>("SELECT * FROM holds WHERE buyer = ?", buyer)
        : this.#sql.exec<HoldRow>("SELECT * FROM holds WHERE buyer IN (?, ?)", buyer, another);
    return rows.toArray().map(toHold);
  }

  holdsPaidBy(payer: string): readonly Hold[] {
    if (!this.#prepared) return [];
    return this.#sql.exec<HoldRow>("SELECT * FROM holds WHERE payer = ?", payer).toArray().map(toHold);
  }

  lapsed(now: number, limit: number): readonly Hold[] {
    const nextLapseAt = this.nextLapseAt();
    if (nextLapseAt === null || nextLapseAt > now) return [];
    return this.#sql
      .exec<HoldRow>(
        "SELECT * FROM holds WHERE state <> 'committed' AND expires_at <= ? ORDER BY expires_at LIMIT ?",
        now,
        limit,
      )
      .toArray()
      .map(toHold);
  }

  command(id: string): number | null {
    if (!this.#prepared) return null;
    const [row] = this.#sql
      .exec<{ effect: number }>("SELECT effect FROM commands WHERE id = ?", id)
      .toArray();
    return row?.effect ?? null;
  }

  /** Epoch ms at which the earliest uncommitted hold lapses, or null. */
  nextLapseAt(): number | null {
    if (!this.#prepared) return null;
    if (this.#nextLapseAt === undefined) {
      const earliest = "SELECT min(expires_at) AS at FROM holds WHERE state <> 'committed'";
      this.#nextLapseAt = this.#sql.exec<{ at: number | null }>(earliest).one().at;
    }
    return this.#nextLapseAt;
  }

  /**
   * Writes a decision's changes, all or none.
   *
   * @throws Error when a change breaks conservation or a constraint; storage and memory are then as before.
   */
  apply(changes: readonly Change[], now: number): void {
    if (changes.length === 0) return;
    this.#prepareForWrites();
    try {
      this.#storage.transactionSync(() => {
        const before = this.#figures;
        for (const change of changes) this.#write(change, now);
        if (this.#figures !== before) this.#writeFigures();
      });
    } catch (error) {
      this.#load();
      throw error;
    }
  }

  /** The oldest ledger entries Postgres has not confirmed. */
  unconfirmedLedger(limit: number): LedgerEntry[] {
    if (!this.#prepared) return [];
    return this.#sql
      .exec<Record<keyof LedgerEntry, SqlStorageValue>>(
        "SELECT * FROM ledger ORDER BY sequence LIMIT ?",
        limit,
      )
      .toArray()
      .map((row) => ({
        sequence: row.sequence as number,
        at: row.at as number,
        kind: row.kind as LedgerKind,
        reference: row.reference as string,
        reason: row.reason as string | null,
        available: row.available as number,
        held: row.held as number,
        sold: row.sold as number,
        received: row.received as number,
        adjusted: row.adjusted as number,
      }));
  }

  /** Entries up to `sequence` are in Postgres: the object needs them no more. */
  dropLedgerUpTo(sequence: number): void {
    if (this.#prepared) this.#sql.exec("DELETE FROM ledger WHERE sequence <= ?", sequence);
  }

  #prepareForWrites(): void {
    if (this.#prepared) return;
    migrateStorage(this.#storage, MIGRATIONS);
    this.#sql.exec("INSERT OR IGNORE INTO sku VALUES (1, 0, 0, 0, 0, 0, 0, NULL)");
    this.#prepared = true;
  }

  #load(): void {
    const [row] = this.#sql.exec<SkuRow>("SELECT * FROM sku WHERE id = 1").toArray();
    this.#nextLapseAt = undefined;
    this.#hasTombstones = this.#sql.exec("SELECT 1 FROM tombstones LIMIT 1").toArray().length > 0;
    if (row === undefined) {
      this.#figures = EMPTY_FIGURES;
      this.#terms = null;
      return;
    }
    const { available, held, sold, received, adjusted } = row;
    this.#figures = { available, held, sold, received, adjusted, ledgerSequence: row.ledger_sequence };
    this.#terms = row.terms === null ? null : (JSON.parse(row.terms) as Terms);
  }

  #write(change: Change, now: number): void {
    switch (change.type) {
      case "hold.put":
        return this.#putHold(change.hold);
      case "hold.delete":
        this.#sql.exec("DELETE FROM holds WHERE order_id = ?", change.orderId);
        this.#nextLapseAt = undefined;
        return;
      case "tombstone.put": {
        const { orderId, reopenable, until } = change.tombstone;
        this.#hasTombstones = true;
        this.#sql.exec(
          "INSERT OR REPLACE INTO tombstones VALUES (?, ?, ?)",
          orderId,
          reopenable ? 1 : 0,
          until,
        );
        this.#sql.exec(
          "DELETE FROM tombstones WHERE order_id IN (SELECT order_id FROM tombstones WHERE until <= ? LIMIT ?)",
          now,
          TOMBSTONE_PRUNE_ROWS,
        );
        return;
      }
      case "tombstone.delete":
        this.#sql.exec("DELETE FROM tombstones WHERE order_id = ?", change.orderId);
        return;
      case "ledger.append":
        return this.#appendLedger(change.entry, now);
      case "terms.put":
        this.#terms = change.terms;
        this.#sql.exec("UPDATE sku SET terms = ? WHERE id = 1", JSON.stringify(change.terms));
        return;
      case "command.put":
        this.#sql.exec("INSERT INTO commands VALUES (?, ?, ?)", change.id, change.effect, now);
        return;
    }
  }

  #putHold(hold: Hold): void {
    this.#sql.exec(
      PUT_HOLD,
      hold.orderId,
      hold.attemptId,
      hold.fingerprint,
      hold.quantity,
      hold.unitAmountMinor,
      hold.currency,
      hold.buyer,
      hold.cart,
      hold.state,
      hold.bornAt,
      hold.expiresAt,
      hold.latestExpiresAt,
      hold.payer,
      hold.purchaseLimit,
    );
    this.#nextLapseAt = undefined;
  }

  #appendLedger(entry: LedgerChange, now: number): void {
    this.#figures = applyDeltas(this.#figures, entry.deltas);
    const { available = 0, held = 0, sold = 0, received = 0, adjusted = 0 } = entry.deltas;
    this.#sql.exec(
      "INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      this.#figures.ledgerSequence,
      now,
      entry.kind,
      entry.reference,
      entry.reason,
      available,
      held,
      sold,
      received,
      adjusted,
    );
  }

  #writeFigures(): void {
    const { available, held, sold, received, adjusted, ledgerSequence } = this.#figures;
    this.#sql.exec(
      "UPDATE sku SET available = ?, held = ?, sold = ?, received = ?, adjusted = ?, ledger_sequence = ? WHERE id = 1",
      available,
      held,
      sold,
      received,
      adjusted,
      ledgerSequence,
    );
  }
}
