/** Orders this isolate has placed lately, by id: lets a refused request ask whether its key was used, without a call. */

/** About half a megabyte of ids. */
const MAX_REMEMBERED = 10_000;

export class RecentOrders {
  readonly #ids = new Set<string>();

  add(orderId: string): void {
    this.#ids.add(orderId);
    if (this.#ids.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#ids;
    if (oldest !== undefined) this.#ids.delete(oldest);
  }

  has(orderId: string): boolean {
    return this.#ids.has(orderId);
  }
}
