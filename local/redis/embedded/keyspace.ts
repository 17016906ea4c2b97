/**
 * The keys of the embedded engine: values with expiry, in memory only and bounded.
 *
 * Nothing here is written to disk: Redis holds copies that may be lost at any time, and a restart of this engine loses them.
 * Expiry is checked on every access and by a bounded sweep; beyond the key bound the least recently used key goes.
 */
import type { BinaryString } from "../reply.ts";
import { CommandError } from "./command-error.ts";
import { SortedSet } from "./sorted-set.ts";

export type Value =
  | { readonly type: "string"; text: BinaryString }
  | { readonly type: "hash"; readonly fields: Map<BinaryString, BinaryString> }
  | { readonly type: "set"; readonly members: Set<BinaryString> }
  | { readonly type: "list"; readonly items: BinaryString[] }
  | { readonly type: "zset"; readonly sorted: SortedSet };

export type ValueType = Value["type"];
export type ValueOf<T extends ValueType> = Extract<Value, { readonly type: T }>;

interface Entry {
  readonly value: Value;
  expiresAtMs: number | undefined;
}

const DEFAULT_MAX_KEYS = 200_000;
/** Elements of one hash, set, list or sorted set. */
export const MAX_ELEMENTS_PER_KEY = 100_000;
/** Bytes of one string value. */
export const MAX_STRING_BYTES = 16 * 1024 * 1024;
/** Keys looked at by one sweep. */
const MAX_KEYS_PER_SWEEP = 1000;

const WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value";
export const OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";

export class Keyspace {
  /** In order of use: the first key is the least recently used one. */
  readonly #entries = new Map<BinaryString, Entry>();
  readonly #maxKeys: number;
  readonly #clock: () => number;
  #sweepCursor: IterableIterator<[BinaryString, Entry]> | undefined;
  /** The time all of one command sees, in ms since the epoch; it never runs backwards. */
  nowMs = 0;

  constructor(options: { readonly maxKeys?: number; readonly clock?: () => number } = {}) {
    this.#maxKeys = options.maxKeys ?? DEFAULT_MAX_KEYS;
    this.#clock = options.clock ?? Date.now;
    this.tick();
  }

  /** Takes the clock's time for the next command. */
  tick(): void {
    this.nowMs = Math.max(this.nowMs, this.#clock());
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Every live key, as of now: reading one moves it, so a running iteration would not end. */
  keys(): BinaryString[] {
    const live: BinaryString[] = [];
    for (const [key, entry] of this.#entries) {
      if (!this.#isExpired(entry)) live.push(key);
    }
    return live;
  }

  has(key: BinaryString): boolean {
    return this.#live(key) !== undefined;
  }

  /** The key's value, whatever its type. */
  any(key: BinaryString): Value | undefined {
    return this.#live(key)?.value;
  }

  /** The key's value where it has the wanted type; throws WRONGTYPE where it has another. */
  get<T extends ValueType>(key: BinaryString, type: T): ValueOf<T> | undefined {
    const value = this.#live(key)?.value;
    if (value === undefined) return undefined;
    if (value.type !== type) throw new CommandError(WRONG_TYPE);
    return value as ValueOf<T>;
  }

  /** The same, made empty where the key does not exist. */
  getOrCreate<T extends ValueType>(key: BinaryString, type: T): ValueOf<T> {
    const existing = this.get(key, type);
    if (existing !== undefined) return existing;
    const created = emptyValue(type);
    this.set(key, created);
    return created;
  }

  /** Stores a value and drops the key's expiry unless it is to be kept. */
  set(key: BinaryString, value: Value, options: { readonly keepExpiry?: boolean } = {}): void {
    const expiresAtMs = options.keepExpiry === true ? this.#live(key)?.expiresAtMs : undefined;
    this.#entries.delete(key);
    this.#entries.set(key, { value, expiresAtMs });
    while (this.#entries.size > this.#maxKeys) {
      const oldest = this.#entries.keys().next();
      if (oldest.done === true) break;
      this.#entries.delete(oldest.value);
    }
  }

  delete(key: BinaryString): boolean {
    const existed = this.has(key);
    this.#entries.delete(key);
    return existed;
  }

  clear(): void {
    this.#entries.clear();
  }

  /** When the key goes, in ms since the epoch; null without expiry, undefined without the key. */
  expiresAtMs(key: BinaryString): number | null | undefined {
    const entry = this.#live(key);
    return entry === undefined ? undefined : (entry.expiresAtMs ?? null);
  }

  /** Sets or (with undefined) removes the expiry; a moment already past deletes the key. */
  setExpiry(key: BinaryString, expiresAtMs: number | undefined): void {
    const entry = this.#live(key);
    if (entry === undefined) return;
    entry.expiresAtMs = expiresAtMs;
    if (this.#isExpired(entry)) this.#entries.delete(key);
  }

  /** Drops a collection that has become empty, as Redis does. */
  dropIfEmpty(key: BinaryString): void {
    const value = this.#live(key)?.value;
    if (value !== undefined && value.type !== "string" && elementCount(value) === 0)
      this.#entries.delete(key);
  }

  /** Looks at a bounded number of keys, going on where the last sweep stopped, and drops those that have expired. */
  sweep(): void {
    this.tick();
    this.#sweepCursor ??= this.#entries.entries();
    for (let seen = 0; seen < MAX_KEYS_PER_SWEEP; seen += 1) {
      const next = this.#sweepCursor.next();
      if (next.done === true) {
        this.#sweepCursor = undefined;
        return;
      }
      const [key, entry] = next.value;
      if (this.#isExpired(entry)) this.#entries.delete(key);
    }
  }

  #isExpired(entry: Entry): boolean {
    return entry.expiresAtMs !== undefined && entry.expiresAtMs <= this.nowMs;
  }

  #live(key: BinaryString): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (this.#isExpired(entry)) return undefined;
    this.#entries.set(key, entry);
    return entry;
  }
}

/** Refuses growth beyond the bound of one key. */
export function assertRoom(elements: number): void {
  if (elements > MAX_ELEMENTS_PER_KEY) throw new CommandError(OUT_OF_MEMORY);
}

function elementCount(value: Exclude<Value, { readonly type: "string" }>): number {
  switch (value.type) {
    case "hash":
      return value.fields.size;
    case "set":
      return value.members.size;
    case "list":
      return value.items.length;
    case "zset":
      return value.sorted.size;
  }
}

function emptyValue<T extends ValueType>(type: T): ValueOf<T> {
  const empty: { [K in ValueType]: () => ValueOf<K> } = {
    string: () => ({ type: "string", text: "" }),
    hash: () => ({ type: "hash", fields: new Map() }),
    set: () => ({ type: "set", members: new Set() }),
    list: () => ({ type: "list", items: [] }),
    zset: () => ({ type: "zset", sorted: new SortedSet() }),
  };
  return (empty as { [K in ValueType]: () => Value })[type]() as ValueOf<T>;
}
