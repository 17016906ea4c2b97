/** An ordered map of resources by id, with reverse listing, an optional grouping, and changes that can be taken back. */

const MIN_HOLES_BEFORE_PACKING = 1024;

type Entry<Value> = { readonly position: number; readonly value: Value };

/** What a collection tells its owner before it changes: enough to journal the change and to take it back. */
export type ChangeListener<Value> = (id: string, previous: Value | undefined) => void;

export type CollectionOptions<Value> = {
  /** Which group a value belongs to; none where left out. */
  groupOf?: (value: Value) => string | null;
  /** Whether a value is kept over a restart; all are where left out. */
  isKept?: (value: Value) => boolean;
};

/**
 * Values are never changed in place: a change puts a new value under the same id, which keeps its place in the order.
 * Lists newest-first and "what belongs to this intent" cost what they return, however much is stored.
 */
export class Collection<Value extends object> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #groups = new Map<string, string[]>();
  readonly #groupOf: (value: Value) => string | null;
  readonly isKept: (value: Value) => boolean;
  readonly #onChange: ChangeListener<Value>;
  #order: (string | undefined)[] = [];
  #holes = 0;

  constructor(onChange: ChangeListener<Value>, options: CollectionOptions<Value> = {}) {
    this.#onChange = onChange;
    this.#groupOf = options.groupOf ?? (() => null);
    this.isKept = options.isKept ?? (() => true);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(id: string): Value | undefined {
    return this.#entries.get(id)?.value;
  }

  put(id: string, value: Value): void {
    this.#onChange(id, this.get(id));
    this.restore(id, value);
  }

  delete(id: string): void {
    this.#onChange(id, this.get(id));
    this.restore(id, undefined);
  }

  /** Sets (or with `undefined` removes) a value without telling anybody: for loading and for taking back. */
  restore(id: string, value: Value | undefined): void {
    const entry = this.#entries.get(id);
    if (value === undefined) {
      if (entry !== undefined) this.#remove(id, entry);
      return;
    }
    if (entry !== undefined) {
      this.#entries.set(id, { position: entry.position, value });
      return;
    }
    this.#entries.set(id, { position: this.#order.length, value });
    this.#order.push(id);
    const group = this.#groupOf(value);
    if (group === null) return;
    const members = this.#groups.get(group);
    if (members === undefined) this.#groups.set(group, [id]);
    else members.push(id);
  }

  clear(): void {
    this.#entries.clear();
    this.#groups.clear();
    this.#order = [];
    this.#holes = 0;
  }

  /** Oldest first. */
  *values(): Generator<Value> {
    for (const entry of this.#entries.values()) yield entry.value;
  }

  /** Ids and values, oldest first. */
  *entries(): Generator<[string, Value]> {
    for (const [id, entry] of this.#entries) yield [id, entry.value];
  }

  /** Id and value of the oldest entry. */
  oldest(): [string, Value] | undefined {
    for (const [id, entry] of this.#entries) return [id, entry.value];
    return undefined;
  }

  /** Newest first, beginning just after (older than) `afterId` where one is given. */
  *newestFirst(afterId?: string): Generator<Value> {
    const after = afterId === undefined ? undefined : this.#entries.get(afterId);
    for (let position = (after?.position ?? this.#order.length) - 1; position >= 0; position -= 1) {
      const value = this.#at(position);
      if (value !== undefined) yield value;
    }
  }

  /** From just newer than `beforeId` upwards: what a page that ends before it needs. */
  *newerThan(beforeId: string): Generator<Value> {
    const before = this.#entries.get(beforeId);
    if (before === undefined) return;
    for (let position = before.position + 1; position < this.#order.length; position += 1) {
      const value = this.#at(position);
      if (value !== undefined) yield value;
    }
  }

  /** The values of one group, oldest first. */
  group(key: string): Value[] {
    const members = this.#groups.get(key) ?? [];
    return members.flatMap((id) => this.get(id) ?? []);
  }

  #at(position: number): Value | undefined {
    const id = this.#order[position];
    return id === undefined ? undefined : this.get(id);
  }

  #remove(id: string, entry: Entry<Value>): void {
    this.#entries.delete(id);
    this.#order[entry.position] = undefined;
    this.#holes += 1;
    const group = this.#groupOf(entry.value);
    const members = group === null ? undefined : this.#groups.get(group);
    if (group !== null && members !== undefined) {
      members.splice(members.indexOf(id), 1);
      if (members.length === 0) this.#groups.delete(group);
    }
    if (this.#holes > MIN_HOLES_BEFORE_PACKING && this.#holes > this.#order.length / 2) this.#pack();
  }

  #pack(): void {
    this.#order = [...this.#entries.keys()];
    this.#order.forEach((id, position) => {
      const entry = id === undefined ? undefined : this.#entries.get(id);
      if (id !== undefined && entry !== undefined) this.#entries.set(id, { position, value: entry.value });
    });
    this.#holes = 0;
  }
}
