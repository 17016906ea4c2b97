/** One alarm per object: set to the earliest of everything the object waits for. */

/**
 * Keeps an object's alarm no later than the moment it is asked for.
 *
 * Moving an alarm is a write, so `arm` only ever moves it earlier: an alarm that fires before anything is due finds
 * nothing to do and is armed again. What is armed is remembered in memory only; after an eviction the first `arm` writes
 * it again from the rows, so a lost memory costs one write and never a wake-up.
 */
export class Alarm {
  readonly #storage: DurableObjectStorage;
  readonly #earliest: () => number | null;
  #armedAt: number | null = null;

  /**
   * @param earliest what the rows wait for (epoch ms), where callers of `arm` know only a part of it: asked while nothing is
   * remembered, or the alarm of a part would take the place of an earlier one that an instance before had set
   */
  constructor(storage: DurableObjectStorage, earliest: () => number | null = () => null) {
    this.#storage = storage;
    this.#earliest = earliest;
  }

  /** @param at epoch ms, or null when nothing more is waited for */
  arm(at: number | null): void {
    if (at === null || (this.#armedAt !== null && this.#armedAt <= at)) return;
    const known = this.#armedAt === null ? this.#earliest() : null;
    this.#set(known === null ? at : Math.min(at, known));
  }

  /** Sets the alarm to exactly this moment, later too: for turns that write anyway. Null leaves it as it is. */
  move(at: number | null): void {
    if (at !== null && at !== this.#armedAt) this.#set(at);
  }

  /** To be called first in `alarm()`, and where the storage was erased: the platform has taken the alarm away. */
  forget(): void {
    this.#armedAt = null;
  }

  #set(at: number): void {
    this.#armedAt = at;
    // Not awaited on purpose: it joins the writes of this turn in one transaction, and the output gate waits for it.
    void this.#storage.setAlarm(at);
  }
}
