/**
 * A shard's messages on their way to a queue: one send in flight, the first leaves at once, those that come meanwhile leave together
 * in one message. What is lost is sent again: every order wakes up for what was not confirmed.
 */
import { withinTime } from "../../adapters/outage/within-time.ts";

/** A send that has not ended by then is given up, or nothing of its kind would leave any more. */
const SEND_TIMEOUT_MS = 10_000;
/** Items that wait at most; past that the oldest is left to its order's next wake-up. */
const MAX_WAITING = 5_000;

export interface MessageBatcherOptions<Item> {
  /** Items one message carries at most. */
  readonly maxItems: number;
  /** Roughly the bytes one message carries at most; a queue refuses more than 128 KB. */
  readonly maxBytes: number;
  readonly bytesOf: (item: Item) => number;
  readonly send: (items: readonly Item[]) => Promise<unknown>;
  /** Is told of a queue that could not be reached. */
  readonly failed: (fault: unknown, count: number) => void;
}

export class MessageBatcher<Item> {
  readonly #options: MessageBatcherOptions<Item>;
  readonly #waiting = new Map<string, Item>();
  #sending: Promise<void> | null = null;

  constructor(options: MessageBatcherOptions<Item>) {
    this.#options = options;
  }

  /** @param key of what it is about: a newer item takes the place of one that still waits */
  add(key: string, item: Item): void {
    this.#waiting.delete(key);
    this.#waiting.set(key, item);
    if (this.#waiting.size <= MAX_WAITING) return;
    const [oldest] = this.#waiting.keys();
    if (oldest !== undefined) this.#waiting.delete(oldest);
  }

  /** Sends what was added; resolves once nothing is left to send. Never rejects, and nothing that has to end may wait for it. */
  flush(): Promise<void> {
    if (this.#waiting.size === 0) return Promise.resolve();
    this.#sending ??= this.#sendAll();
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.size > 0) {
      const items = this.#take();
      try {
        await withinTime(this.#options.send(items), SEND_TIMEOUT_MS, "a queue did not answer in time");
      } catch (fault) {
        this.#options.failed(fault, items.length);
      }
    }
    this.#sending = null;
  }

  #take(): Item[] {
    const { maxItems, maxBytes, bytesOf } = this.#options;
    const items: Item[] = [];
    let bytes = 0;
    for (const [key, item] of this.#waiting) {
      bytes += bytesOf(item);
      if (items.length === maxItems || (items.length > 0 && bytes > maxBytes)) break;
      items.push(item);
      this.#waiting.delete(key);
    }
    return items;
  }
}
