/** A SKU's rows: the view the rules look at, and the one place where their changes are written. */
import {
  applyDeltas,
  COMMAND_MEMORY_MS,
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
import type { UnitFacts, UnitSums } from "../../domain/reconciliation/facts.ts";
import type { LedgerEntry } from "../../contracts/messages.ts";
import { migrateStorage, storageVersion, type StorageMigrations } from "../storage-migrations.ts";

const MIGRATIONS: StorageMigrations = [
  {
    statements: [
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
      attempt INTEGER NOT NULL,
      fingerprint TEXT NOT NULL,
      quantity INTEGER NOT NULL CHECK (quantity > 0),
      unit_amount_minor INTEGER NOT NULL,
      currency TEXT NOT NULL,
      buyer TEXT NOT NULL,
      cart TEXT,
      state TEXT NOT NULL,
      born_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      latest_expires_at INTEGER NOT NULL,
      ask_at INTEGER NOT NULL,
      asked INTEGER NOT NULL,
      payer TEXT,
      purchase_limit INTEGER,
      network TEXT,
      -- What is looked for, each in a column of its own that is null for all other holds: a change of state writes only the indexes it concerns.
      lapses_at INTEGER,
      asks_at INTEGER,
      unpaid_network TEXT
    ) WITHOUT ROWID`,
      "CREATE INDEX holds_by_lapse ON holds (lapses_at) WHERE lapses_at IS NOT NULL",
      "CREATE INDEX holds_by_buyer ON holds (buyer)",
      "CREATE INDEX holds_by_payer ON holds (payer) WHERE payer IS NOT NULL",
      "CREATE INDEX holds_unpaid_by_network ON holds (unpaid_network, quantity) WHERE unpaid_network IS NOT NULL",
      "CREATE INDEX holds_by_question ON holds (asks_at) WHERE asks_at IS NOT NULL",
      `CREATE TABLE tombstones (
      order_id TEXT PRIMARY KEY,
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
  },
  {
    statements: [
      "ALTER TABLE commands ADD COLUMN until INTEGER",
      "CREATE INDEX commands_by_end ON commands (until) WHERE until IS NOT NULL",
    ],
  },
];

/** What a hold was born with never changes; columns that a later build has added are left as they are. */
const PUT_HOLD = `INSERT INTO holds (order_id, attempt, fingerprint, quantity, unit_amount_minor, currency, buyer, cart,
    state, born_at, expires_at, latest_expires_at, ask_at, asked, payer, purchase_limit, network, lapses_at, asks_at, unpaid_network)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (order_id) DO UPDATE SET
    attempt = excluded.attempt,
    quantity = excluded.quantity,
    payer = excluded.payer,
    state = excluded.state,
    expires_at = excluded.expires_at,
    latest_expires_at = excluded.latest_expires_at,
    ask_at = excluded.ask_at,
    asked = excluded.asked,
    lapses_at = excluded.lapses_at,
    asks_at = excluded.asks_at,
    unpaid_network = excluded.unpaid_network`;

/** Of a hold that is known to be there, what its becoming an order's own changes: one index, where an upsert would write four. */
const CONFIRM_HOLD = "UPDATE holds SET state = 'confirmed', asks_at = NULL WHERE order_id = ?";

/** Holds kept in memory, at some 600 bytes each: an order's commands come soon after one another. The rows are the truth. */
const MAX_CACHED_HOLDS = 4_096;
/** Tombstones past their time are dropped this many at a time, whenever one is written. */
const TOMBSTONE_PRUNE_ROWS = 50;

interface HoldRow extends Record<string, SqlStorageValue> {
  order_id: string;
  attempt: number;
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
  ask_at: number;
  asked: number;
  payer: string | null;
  purchase_limit: number | null;
  network: string | null;
}

function toHold(row: HoldRow): Hold {
  return {
    orderId: row.order_id,
    attempt: row.attempt,
    fingerprint: row.fingerprint,
    quantity: row.quantity,
    unitAmountMinor: row.unit_amount_minor,
    currency: row.currency,
    buyer: row.buyer,
    payer: row.payer,
    purchaseLimit: row.purchase_limit,
    cart: row.cart,
    network: row.network,
    state: row.state as HoldState,
    bornAt: row.born_at,
    expiresAt: row.expires_at,
    latestExpiresAt: row.latest_expires_at,
    askAt: row.ask_at,
    asked: row.asked,
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
  /**
   * No uncommitted hold lapses before this moment; undefined when it has to be read. It is read again only once it has come: a hold
   * that is sold or extended leaves it too early, which costs one needless read and not one after every command.
   */
  #nextLapseAt: number | null | undefined = undefined;
  /** No tentative hold asks before this moment; as above. */
  #nextAskAt: number | null | undefined = undefined;
  #figuresAreDirty = false;
  #isAtomic = false;
  readonly #holds = new Map<string, Hold>();

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#prepared = storageVersion(this.#sql).version > 0;
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
    const known = this.#holds.get(orderId);
    if (known !== undefined) return known;
    const [row] = this.#sql.exec<HoldRow>("SELECT * FROM holds WHERE order_id = ?", orderId).toArray();
    return row === undefined ? null : this.#remember(toHold(row));
  }

  tombstone(orderId: string): Tombstone | null {
    if (!this.#hasTombstones) return null;
    const [row] = this.#sql
      .exec<{ until: number }>("SELECT until FROM tombstones WHERE order_id = ?", orderId)
      .toArray();
    return row === undefined ? null : { orderId, until: row.until };
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
    this.#nextLapseAt = undefined;
    return this.#sql
      .exec<HoldRow>("SELECT * FROM holds WHERE lapses_at <= ? ORDER BY lapses_at LIMIT ?", now, limit)
      .toArray()
      .map(toHold);
  }

  asking(now: number, limit: number): readonly Hold[] {
    const nextAskAt = this.nextAskAt();
    if (nextAskAt === null || nextAskAt > now) return [];
    this.#nextAskAt = undefined;
    return this.#sql
      .exec<HoldRow>("SELECT * FROM holds WHERE asks_at <= ? ORDER BY asks_at LIMIT ?", now, limit)
      .toArray()
      .map(toHold);
  }

  unpaidUnitsOf(network: string): number {
    if (!this.#prepared) return 0;
    const units = "SELECT coalesce(sum(quantity), 0) AS units FROM holds WHERE unpaid_network = ?";
    return this.#sql.exec<{ units: number }>(units, network).one().units;
  }

  command(id: string): number | null {
    if (!this.#prepared) return null;
    const [row] = this.#sql
      .exec<{ effect: number }>("SELECT effect FROM commands WHERE id = ?", id)
      .toArray();
    return row?.effect ?? null;
  }

  /** Epoch ms before which no uncommitted hold lapses, or null where there is none. */
  nextLapseAt(): number | null {
    if (!this.#prepared) return null;
    if (this.#nextLapseAt === undefined) {
      const earliest = "SELECT min(lapses_at) AS at FROM holds WHERE lapses_at IS NOT NULL";
      this.#nextLapseAt = this.#sql.exec<{ at: number | null }>(earliest).one().at;
    }
    return this.#nextLapseAt;
  }

  /** Epoch ms before which no tentative hold asks its shard, or null where there is none. */
  nextAskAt(): number | null {
    if (!this.#prepared) return null;
    if (this.#nextAskAt === undefined) {
      const earliest = "SELECT min(asks_at) AS at FROM holds WHERE asks_at IS NOT NULL";
      this.#nextAskAt = this.#sql.exec<{ at: number | null }>(earliest).one().at;
    }
    return this.#nextAskAt;
  }

  /**
   * Writes a decision's changes, all or none. The figures are kept in memory until `flush`, which the caller owes in the same turn:
   * what one turn writes is one transaction, so a batch writes them once.
   *
   * @throws Error when a change breaks conservation or a constraint; storage and memory are then as before.
   */
  apply(changes: readonly Change[], now: number): void {
    if (changes.length === 0) return;
    this.#prepareForWrites();
    this.atomically(() => {
      for (const change of changes) this.#write(change, now);
    });
  }

  /**
   * All that the work applies, or none of it. Work within work is part of the outer one.
   *
   * @throws what the work throws; storage and memory are then as before
   */
  atomically<T>(work: () => T): T {
    if (this.#isAtomic) return work();
    const before = { prepared: this.#prepared, figures: this.#figures, terms: this.#terms };
    this.#isAtomic = true;
    try {
      return this.#storage.transactionSync(work);
    } catch (error) {
      this.#prepared = before.prepared;
      this.#figures = before.figures;
      this.#terms = before.terms;
      this.#nextLapseAt = undefined;
      this.#nextAskAt = undefined;
      this.#holds.clear();
      throw error;
    } finally {
      this.#isAtomic = false;
      if (this.#figures !== before.figures) this.#figuresAreDirty = true;
    }
  }

  /** Writes the figures that `apply` left in memory. */
  flush(): void {
    if (!this.#figuresAreDirty) return;
    this.#writeFigures();
    this.#figuresAreDirty = false;
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

  // ------------------------------------------------------------------------------------------------- reconciliation

  /** Units of orders, as sold and as returned by commands of theirs; in the order of the list. */
  unitsOf(orderIds: readonly string[]): UnitFacts[] {
    if (!this.#prepared) return orderIds.map((orderId) => ({ orderId, sold: 0, returned: 0 }));
    return this.#sql
      .exec<{ id: string; sold: number; returned: number }>(
        `SELECT value AS id,
          coalesce((SELECT quantity FROM holds WHERE order_id = value AND state = 'committed'), 0) AS sold,
          coalesce((SELECT sum(effect) FROM commands WHERE id > value || ':' AND id < value || ';'), 0) AS returned
        FROM json_each(?) ORDER BY key`,
        JSON.stringify(orderIds),
      )
      .toArray()
      .map(({ id, sold, returned }) => ({ orderId: id, sold, returned }));
  }

  /** Orders that units are sold to, by their ids; those whose hold was born since `since` (epoch ms) where it is given. */
  soldOrders(after: string, limit: number, since: number | null): string[] {
    if (!this.#prepared) return [];
    return this.#sql
      .exec<{ order_id: string }>(
        "SELECT order_id FROM holds WHERE order_id > ? AND state = 'committed' AND born_at >= ? ORDER BY order_id LIMIT ?",
        after,
        since ?? 0,
        limit,
      )
      .toArray()
      .map(({ order_id: orderId }) => orderId);
  }

  /** The sum of the entries after `sequence` that Postgres has not confirmed, and the first of all of these. */
  ledgerAfter(sequence: number): { readonly first: number | null; readonly sums: UnitSums } {
    const none = { available: 0, held: 0, sold: 0, received: 0, adjusted: 0 };
    if (!this.#prepared) return { first: null, sums: none };
    const { first } = this.#sql
      .exec<{ first: number | null }>("SELECT min(sequence) AS first FROM ledger")
      .one();
    const sums = this.#sql
      .exec<Record<keyof UnitSums, number>>(
        `SELECT coalesce(sum(available), 0) AS available, coalesce(sum(held), 0) AS held,
          coalesce(sum(sold), 0) AS sold, coalesce(sum(received), 0) AS received,
          coalesce(sum(adjusted), 0) AS adjusted FROM ledger WHERE sequence > ?`,
        sequence,
      )
      .one();
    return { first, sums };
  }

  /** Forgets ids of commands that nobody repeats any more, at most `limit`. */
  forgetCommands(now: number, limit: number): void {
    if (!this.#prepared) return;
    this.#sql.exec(
      "DELETE FROM commands WHERE id IN (SELECT id FROM commands WHERE until <= ? LIMIT ?)",
      now,
      limit,
    );
  }

  #prepareForWrites(): void {
    if (this.#prepared) return;
    migrateStorage(this.#storage, MIGRATIONS);
    this.#sql.exec(
      "INSERT OR IGNORE INTO sku (id, available, held, sold, received, adjusted, ledger_sequence) VALUES (1, 0, 0, 0, 0, 0, 0)",
    );
    this.#prepared = true;
  }

  #load(): void {
    const [row] = this.#sql.exec<SkuRow>("SELECT * FROM sku WHERE id = 1").toArray();
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
        this.#holds.delete(change.orderId);
        this.#sql.exec("DELETE FROM holds WHERE order_id = ?", change.orderId);
        return;
      case "tombstone.put": {
        const { orderId, until } = change.tombstone;
        this.#hasTombstones = true;
        this.#sql.exec("INSERT OR REPLACE INTO tombstones (order_id, until) VALUES (?, ?)", orderId, until);
        this.#sql.exec(
          "DELETE FROM tombstones WHERE order_id IN (SELECT order_id FROM tombstones WHERE until <= ? LIMIT ?)",
          now,
          TOMBSTONE_PRUNE_ROWS,
        );
        return;
      }
      case "ledger.append":
        return this.#appendLedger(change.entry, now);
      case "terms.put":
        this.#terms = change.terms;
        this.#sql.exec("UPDATE sku SET terms = ? WHERE id = 1", JSON.stringify(change.terms));
        return;
      case "command.put":
        this.#sql.exec(
          "INSERT INTO commands (id, effect, at, until) VALUES (?, ?, ?, ?)",
          change.id,
          change.effect,
          now,
          change.isKept === true ? null : now + COMMAND_MEMORY_MS,
        );
        return;
    }
  }

  #putHold(hold: Hold): void {
    const known = this.#holds.get(hold.orderId);
    this.#remember(hold);
    if (known !== undefined && isConfirmed(known, hold)) this.#sql.exec(CONFIRM_HOLD, hold.orderId);
    else this.#upsertHold(hold);
    this.#noteDeadlines(hold);
  }

  #upsertHold(hold: Hold): void {
    const isPaid = hold.state === "committed";
    this.#sql.exec(
      PUT_HOLD,
      hold.orderId,
      hold.attempt,
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
      hold.askAt,
      hold.asked,
      hold.payer,
      hold.purchaseLimit,
      hold.network,
      isPaid ? null : hold.expiresAt,
      hold.state === "tentative" ? hold.askAt : null,
      isPaid ? null : hold.network,
    );
  }

  #remember(hold: Hold): Hold {
    this.#holds.delete(hold.orderId);
    this.#holds.set(hold.orderId, hold);
    if (this.#holds.size > MAX_CACHED_HOLDS) {
      const [oldest] = this.#holds.keys();
      if (oldest !== undefined) this.#holds.delete(oldest);
    }
    return hold;
  }

  #noteDeadlines({ state, expiresAt, askAt }: Hold): void {
    if (state === "committed") return;
    this.#nextLapseAt = earlier(this.#nextLapseAt, expiresAt);
    if (state === "tentative") this.#nextAskAt = earlier(this.#nextAskAt, askAt);
  }

  #appendLedger(entry: LedgerChange, now: number): void {
    this.#figures = applyDeltas(this.#figures, entry.deltas);
    const { available = 0, held = 0, sold = 0, received = 0, adjusted = 0 } = entry.deltas;
    this.#sql.exec(
      `INSERT INTO ledger (sequence, at, kind, reference, reason, available, held, sold, received, adjusted)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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

const earlier = (known: number | null | undefined, at: number): number | undefined =>
  known === undefined ? undefined : Math.min(known ?? at, at);

/** Whether nothing changed but that a tentative hold became its order's own. */
function isConfirmed(before: Hold, after: Hold): boolean {
  return (
    before.state === "tentative" &&
    after.state === "confirmed" &&
    before.expiresAt === after.expiresAt &&
    before.latestExpiresAt === after.latestExpiresAt &&
    before.attempt === after.attempt &&
    before.asked === after.asked
  );
}
