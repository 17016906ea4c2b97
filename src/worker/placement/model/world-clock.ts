/** The model's time. `setTimeout` runs by it, so the time limit of a lane's call is the production one. */

interface Timer {
  readonly at: number;
  readonly ring: () => void;
}

/** Until everything that can run without another event has run. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

export class WorldClock {
  /** Epoch ms. */
  now = 1_000_000_000_000;
  readonly #timers = new Map<number, Timer>();
  #count = 0;

  /**
   * @param rings false: whatever has a time limit waits forever
   * @returns what puts the platform's own timers back
   */
  install(rings: boolean): () => void {
    const { setTimeout: ownSet, clearTimeout: ownClear } = globalThis;
    const set = (ring: () => void, ms: number) => (rings ? this.in(ms, ring) : 0);
    const clear = (id: number) => this.#timers.delete(id);
    Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
    return () => {
      Object.assign(globalThis, { setTimeout: ownSet, clearTimeout: ownClear });
    };
  }

  in(ms: number, ring: () => void): number {
    this.#count += 1;
    this.#timers.set(this.#count, { at: this.now + ms, ring });
    return this.#count;
  }

  /** Time passes, and every timer rings at its moment. */
  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    for (;;) {
      let next: [number, Timer] | null = null;
      for (const entry of this.#timers)
        if (entry[1].at <= until && entry[1].at < (next?.[1].at ?? Infinity)) next = entry;
      if (next === null) break;
      const [id, timer] = next;
      this.#timers.delete(id);
      this.now = Math.max(this.now, timer.at);
      timer.ring();
      await settled();
    }
    this.now = until;
  }
}
