/** A shard's rows in memory, as each of its instances sees them. */
import type { DueOrder } from "../../../durable-objects/order-shard/order-rows.ts";
import type { OrderState } from "../../../domain/order/state.ts";
import type { Defence } from "./defences.ts";

interface StoredOrder {
  readonly state: OrderState;
  readonly wakeAt: number | null;
  readonly faults: number;
}

/** What a shard's storage keeps, whichever instance wrote it. States are values that nothing changes. */
export class ShardStore {
  readonly orders = new Map<string, StoredOrder>();
  readonly closed = new Set<string>();
  /** Orders whose state cannot be read. */
  readonly unreadable = new Set<string>();
  generation = 0;

  copy(): ShardStore {
    const copy = new ShardStore();
    for (const [id, row] of this.orders) copy.orders.set(id, row);
    for (const id of this.closed) copy.closed.add(id);
    copy.generation = this.generation;
    return copy;
  }

  nextWakeAt(): number {
    let next = Infinity;
    for (const { wakeAt } of this.orders.values()) next = Math.min(next, wakeAt ?? Infinity);
    return next;
  }
}

export interface ShardRowsDeps {
  readonly store: ShardStore;
  readonly off: ReadonlySet<Defence>;
  /** @throws Error where the instance is no longer the shard's */
  readonly beforeWrite: () => void;
  readonly onInsert: (state: OrderState) => void;
  readonly onClose: (orderId: string) => void;
}

/** For how long an order that is being looked at is put off, ms: as in the object. */
const TURN_MS = 30_000;

/** The rows as one instance sees them: after a deploy displaced it, as they were then. */
export class ShardRows {
  readonly #deps: ShardRowsDeps;
  #frozen: ShardStore | null = null;
  /** The storage fails while a fault is counted. */
  failsToCount = false;
  /** The generation that this instance gave itself, or null until it has placed. */
  ownGeneration: number | null = null;

  constructor(deps: ShardRowsDeps) {
    this.#deps = deps;
  }

  freeze(): void {
    this.#frozen = this.#deps.store.copy();
  }

  get #seen(): ShardStore {
    return this.#frozen ?? this.#deps.store;
  }

  get #written(): ShardStore {
    this.#deps.beforeWrite();
    return this.#deps.store;
  }

  state(orderId: string): OrderState | null {
    if (this.#deps.store.unreadable.has(orderId)) throw new Error("this state cannot be read");
    return this.#seen.orders.get(orderId)?.state ?? null;
  }

  insert(state: OrderState, _contact: unknown, wakeAt: number | null): void {
    const { orders } = this.#written;
    if (orders.has(state.orderId)) throw new Error("two rows of one order");
    orders.set(state.orderId, { state, wakeAt, faults: 0 });
    this.#deps.onInsert(state);
  }

  save(state: OrderState, wakeAt: number | null): void {
    const { orders } = this.#written;
    orders.set(state.orderId, { state, wakeAt, faults: orders.get(state.orderId)?.faults ?? 0 });
  }

  clearFaults(orderId: string): void {
    const { orders } = this.#written;
    const row = orders.get(orderId);
    if (row !== undefined) orders.set(orderId, { ...row, faults: 0 });
  }

  /** The model's orders send nothing, so the state is the row's. */
  saveWakeAt({ orderId }: OrderState, wakeAt: number | null): void {
    this.putOff(orderId, wakeAt);
  }

  putOff(orderId: string, wakeAt: number | null): void {
    const { orders } = this.#written;
    const row = orders.get(orderId);
    if (row !== undefined) orders.set(orderId, { ...row, wakeAt });
  }

  takeDue(now: number): DueOrder[] {
    const { orders, unreadable } = this.#written;
    const due = [...orders]
      .filter(([, { wakeAt }]) => wakeAt !== null && wakeAt <= now)
      .sort(([, one], [, other]) => (one.wakeAt ?? 0) - (other.wakeAt ?? 0));
    return due.map(([orderId, row]): DueOrder => {
      if (!this.#deps.off.has("putOffFirst")) orders.set(orderId, { ...row, wakeAt: now + TURN_MS });
      return unreadable.has(orderId)
        ? { orderId, fault: new Error("this state cannot be read") }
        : { orderId, state: row.state };
    });
  }

  countFault(orderId: string): number {
    if (this.failsToCount || this.#deps.off.has("setAside")) throw new Error("the storage failed");
    const { orders } = this.#written;
    const row = orders.get(orderId);
    if (row === undefined) return 0;
    orders.set(orderId, { ...row, faults: row.faults + 1 });
    return row.faults + 1;
  }

  isClosed(orderId: string): boolean {
    return this.#seen.closed.has(orderId);
  }

  close(orderId: string): void {
    const { closed } = this.#written;
    this.#deps.onClose(orderId);
    if (!this.#deps.off.has("close")) closed.add(orderId);
  }

  eraseContact(): void {
    this.#deps.beforeWrite();
  }

  get generation(): number {
    return this.#deps.off.has("durableGeneration") ? 0 : this.#seen.generation;
  }

  set generation(generation: number) {
    this.#written.generation = generation;
    this.ownGeneration = generation;
  }
}
