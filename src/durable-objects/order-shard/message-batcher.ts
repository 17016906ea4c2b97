/**
 * A shard's messages on their way to a queue: one send in flight, the first leaves at once, those that come meanwhile leave together
 * in one message. What is lost is sent again: every order wakes up for what was not confirmed.
 */

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
  readonly #waiting: Item[] = [];
  #sending: Promise<void> | null = null;

  constructor(options: MessageBatcherOptions<Item>) {
    this.#options = options;
  }

  add(item: Item): void {
    this.#waiting.push(item);
  }

  /** Sends what was added; resolves once all of it has left, or could not. Never rejects. */
  flush(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const items = this.#take();
      try {
        await this.#options.send(items);
      } catch (fault) {
        this.#options.failed(fault, items.length);
      }
    }
  }

  #take(): Item[] {
    const { maxItems, maxBytes, bytesOf } = this.#options;
    let count = 0;
    let bytes = 0;
    for (const item of this.#waiting) {
      bytes += bytesOf(item);
      if (count === maxItems || (count > 0 && bytes > maxBytes)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }
}
