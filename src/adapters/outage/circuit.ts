/**
 * A circuit breaker: after some failures in a row the other side is left alone for a while, then tried by one call. One circuit
 * serves one purpose, so that calls with little patience never refuse those with more. A call that we gave up is no failure and
 * is not reported here: slow is not down.
 */

export interface CircuitOptions {
  /** Failures in a row that open the circuit. */
  readonly failureThreshold: number;
  /** How long (ms) an open circuit refuses calls before it lets one through as a probe. */
  readonly openMs: number;
}

export class Circuit {
  readonly #options: CircuitOptions;
  readonly #clock: () => number;
  #failures = 0;
  /** Epoch ms until which calls are refused; 0 while the circuit is closed. */
  #openUntil = 0;

  /** @param clock epoch ms, injected so that tests need not wait */
  constructor(options: CircuitOptions, clock: () => number) {
    this.#options = options;
    this.#clock = clock;
  }

  /** Whether a call may go out now. A true answer of an open circuit is the one probe of the next `openMs`. */
  tryPass(): boolean {
    if (this.#openUntil === 0) return true;
    const now = this.#clock();
    if (now < this.#openUntil) return false;
    // Others are refused while the probe is under way; should it never report back, the next one is due after openMs.
    this.#openUntil = now + this.#options.openMs;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#openUntil = 0;
  }

  failed(): void {
    this.#failures += 1;
    if (this.#failures >= this.#options.failureThreshold) {
      this.#openUntil = this.#clock() + this.#options.openMs;
    }
  }
}
