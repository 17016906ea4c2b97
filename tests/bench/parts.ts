/** What a run of the benchmark has started, ended in reverse order. */

interface Stoppable {
  stop(): Promise<void>;
}

export class Parts {
  readonly #running: Stoppable[] = [];

  async add<Part extends Stoppable>(starting: Promise<Part>): Promise<Part> {
    const part = await starting;
    this.#running.push(part);
    return part;
  }

  /** Ends everything; safe to call twice. */
  async stop(): Promise<void> {
    for (let part = this.#running.pop(); part !== undefined; part = this.#running.pop()) await part.stop();
  }
}
