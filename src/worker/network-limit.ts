/**
 * A rate limit per network (or per buyer: by whatever it is keyed), by the Workers binding, that asks the binding only about
 * those who are busy here: a call that most shoppers would make once is not worth a call of its own. Each isolate lets a
 * network's first few requests of a period through uncounted, so the true limit is the binding's plus that many per isolate.
 */

/** Networks remembered at once; past that everyone starts anew, which lets a few more through and nobody wait. */
const MAX_NETWORKS = 20_000;

export interface NetworkLimitOptions {
  readonly binding: Pick<RateLimit, "limit">;
  /** Requests of one network per period that are not worth asking about. */
  readonly unaskedPerPeriod: number;
  /** The binding's period, ms. */
  readonly periodMs: number;
  readonly clock: () => number;
}

export class NetworkLimit {
  readonly #options: NetworkLimitOptions;
  readonly #counts = new Map<string, number>();
  #periodEndsAt = 0;

  constructor(options: NetworkLimitOptions) {
    this.#options = options;
  }

  /** @returns whether the network may make one more request now */
  async allows(network: string): Promise<boolean> {
    const { binding, unaskedPerPeriod, periodMs, clock } = this.#options;
    const now = clock();
    if (now >= this.#periodEndsAt || this.#counts.size >= MAX_NETWORKS) {
      this.#counts.clear();
      this.#periodEndsAt = now + periodMs;
    }
    const count = (this.#counts.get(network) ?? 0) + 1;
    this.#counts.set(network, count);
    if (count <= unaskedPerPeriod) return true;
    return (await binding.limit({ key: network })).success;
  }
}
