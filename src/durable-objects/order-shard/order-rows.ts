/** A shard's rows: one for each order, the state as JSON beside the contact (personal data), so that the contact can leave. */
import type { OrderContact } from "../../contracts/messages.ts";
import { stateOf, storedForm, type StoredOrder } from "../../domain/order/compaction.ts";
import { ORDER_STATE_VERSION, type OrderState } from "../../domain/order/state.ts";
import { migrateStorage, type StorageMigrations } from "../storage-migrations.ts";

const MIGRATIONS: StorageMigrations = [
  {
    statements: [
      `CREATE TABLE orders (
        id TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        contact TEXT,
        wake_at INTEGER,
        faults INTEGER NOT NULL DEFAULT 0
      )`,
      "CREATE INDEX orders_by_wake ON orders (wake_at) WHERE wake_at IS NOT NULL",
      "CREATE TABLE closed_ids (id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID",
      "CREATE INDEX closed_ids_by_end ON closed_ids (until)",
    ],
  },
];

/** Parsed states kept in memory, at some 3 KB each. The rows are the truth. */
const MAX_CACHED_STATES = 4_096;
/** Closed ids past their time are dropped this many at a time, whenever one is written. */
const CLOSED_PRUNE_ROWS = 50;
const GENERATION = "generation";

/** An order that is due, or the fault of one whose state this code cannot read. */
export type DueOrder = { readonly orderId: string } & (
  { readonly state: OrderState } | { readonly fault: unknown }
);

export class OrderRows {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #states = new Map<string, OrderState>();
  /** False only where there surely is none: ids are closed for a day after an epoch begins. */
  #hasClosedIds: boolean;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
    migrateStorage(storage, MIGRATIONS);
    this.#hasClosedIds = this.#sql.exec("SELECT 1 FROM closed_ids LIMIT 1").toArray().length > 0;
  }

  // --------------------------------------------------------------------------------------------------------- orders

  /**
   * The order's state, or null where there is no order.
   *
   * @throws Error for a state that this code cannot read (a rollback beyond one version)
   */
  state(orderId: string): OrderState | null {
    const cached = this.#states.get(orderId);
    if (cached !== undefined) return cached;
    const [row] = this.#sql
      .exec<{ state: string }>("SELECT state FROM orders WHERE id = ?", orderId)
      .toArray();
    return row === undefined ? null : this.#cache(orderId, parse(row.state));
  }

  /**
   * Ids of orders in their order, of those that changed since `since` (epoch ms) where it is given.
   *
   * @param limit rows looked at: a page may have fewer ids than that, or none
   */
  page(
    after: string,
    limit: number,
    since: number | null,
  ): { readonly ids: readonly string[]; readonly next: string | null } {
    const rows = this.#sql
      .exec<{ id: string; updated_at: number | null }>(
        `SELECT id, ${since === null ? "NULL" : "json_extract(state, '$.updatedAt')"} AS updated_at
          FROM orders WHERE id > ? ORDER BY id LIMIT ?`,
        after,
        limit,
      )
      .toArray();
    const changed = rows.filter(({ updated_at: at }) => since === null || at === null || at >= since);
    return {
      ids: changed.map(({ id }) => id),
      next: rows.length < limit ? null : (rows.at(-1)?.id ?? null),
    };
  }

  /** A new order: its content, its personal data and its first alarm, in one write. */
  insert(state: OrderState, contact: OrderContact, wakeAt: number | null): void {
    const { orderId } = state;
    this.#sql.exec(
      "INSERT INTO orders (id, state, contact, wake_at) VALUES (?, ?, ?, ?)",
      orderId,
      JSON.stringify(state),
      JSON.stringify(contact),
      wakeAt,
    );
    this.#cache(orderId, state);
  }

  save(state: OrderState, wakeAt: number | null): void {
    const { orderId } = state;
    this.#sql.exec(
      "UPDATE orders SET state = ?, wake_at = ? WHERE id = ?",
      JSON.stringify(storedForm(state)),
      wakeAt,
      orderId,
    );
    this.#cache(orderId, state);
  }

  /**
   * A state that differs from its row only in that its snapshot was sent for the first time: this instance remembers it, and only the
   * alarm is written. An instance that does not know of it sends the snapshot once more, which Postgres takes by its version.
   */
  saveWakeAt(state: OrderState, wakeAt: number | null): void {
    this.#cache(state.orderId, state);
    this.putOff(state.orderId, wakeAt);
  }

  contact(orderId: string): OrderContact | null {
    const [row] = this.#sql
      .exec<{ contact: string | null }>("SELECT contact FROM orders WHERE id = ?", orderId)
      .toArray();
    return row?.contact == null ? null : (JSON.parse(row.contact) as OrderContact);
  }

  eraseContact(orderId: string): void {
    this.#sql.exec("UPDATE orders SET contact = NULL WHERE id = ?", orderId);
  }

  // ----------------------------------------------------------------------------------------------------------- time

  /** When the next order wants to be looked at, epoch ms, or null. */
  nextWakeAt(): number | null {
    return this.#sql
      .exec<{ at: number | null }>("SELECT min(wake_at) AS at FROM orders WHERE wake_at IS NOT NULL")
      .one().at;
  }

  /**
   * The orders that are due, the longest due first. They are put off in the same step: what goes wrong with one of them afterwards
   * cannot make the alarm ring for it again at once.
   */
  takeDue(now: number, limit: number, putOffMs: number): DueOrder[] {
    const ids = this.#sql
      .exec<{ id: string }>("SELECT id FROM orders WHERE wake_at <= ? ORDER BY wake_at LIMIT ?", now, limit)
      .toArray()
      .map(({ id }) => id);
    if (ids.length === 0) return [];
    this.#sql.exec(
      "UPDATE orders SET wake_at = ? WHERE id IN (SELECT value FROM json_each(?))",
      now + putOffMs,
      JSON.stringify(ids),
    );
    return ids.map((orderId): DueOrder => {
      try {
        const state = this.state(orderId);
        if (state === null) throw new Error("an order that is due is gone");
        return { orderId, state };
      } catch (fault) {
        return { orderId, fault };
      }
    });
  }

  /** How often the order's rules or its state have failed since it last moved on. */
  countFault(orderId: string): number {
    this.#states.delete(orderId);
    const [row] = this.#sql
      .exec<{ faults: number }>(
        "UPDATE orders SET faults = faults + 1 WHERE id = ? RETURNING faults",
        orderId,
      )
      .toArray();
    return row?.faults ?? 0;
  }

  clearFaults(orderId: string): void {
    this.#sql.exec("UPDATE orders SET faults = 0 WHERE id = ? AND faults > 0", orderId);
  }

  putOff(orderId: string, wakeAt: number | null): void {
    this.#sql.exec("UPDATE orders SET wake_at = ? WHERE id = ?", wakeAt, orderId);
  }

  // ----------------------------------------------------------------------------------- ids that are never to be used

  isClosed(orderId: string): boolean {
    if (!this.#hasClosedIds) return false;
    return this.#sql.exec("SELECT 1 FROM closed_ids WHERE id = ?", orderId).toArray().length > 0;
  }

  close(orderId: string, until: number, now: number): void {
    this.#hasClosedIds = true;
    this.#sql.exec("INSERT OR REPLACE INTO closed_ids (id, until) VALUES (?, ?)", orderId, until);
    this.#sql.exec(
      "DELETE FROM closed_ids WHERE id IN (SELECT id FROM closed_ids WHERE until <= ? LIMIT ?)",
      now,
      CLOSED_PRUNE_ROWS,
    );
  }

  // ------------------------------------------------------------------------------------------------------ generation

  /** The generation of the last instance that placed orders; 0 where none did. */
  get generation(): number {
    return this.#storage.kv.get<number>(GENERATION) ?? 0;
  }

  set generation(generation: number) {
    this.#storage.kv.put(GENERATION, generation);
  }

  #cache(orderId: string, state: OrderState): OrderState {
    this.#states.delete(orderId);
    this.#states.set(orderId, state);
    if (this.#states.size > MAX_CACHED_STATES) {
      const [oldest] = this.#states.keys();
      if (oldest !== undefined) this.#states.delete(oldest);
    }
    return state;
  }
}

/** Fields that this code does not know are kept: the build after it may have added them. */
function parse(json: string): OrderState {
  const stored = JSON.parse(json) as StoredOrder;
  const version: number = stored.v;
  if (version !== ORDER_STATE_VERSION)
    throw new Error(`order state of version ${version}, this code knows ${ORDER_STATE_VERSION}`);
  return stateOf(stored);
}
