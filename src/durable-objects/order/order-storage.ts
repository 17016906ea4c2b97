/** An order's rows: its state as one value and the contact (personal data) as another, so that the contact can leave. */
import type { OrderContact } from "../../contracts/messages.ts";
import { ORDER_STATE_VERSION, type OrderState } from "../../domain/order/state.ts";

const STATE = "state";
const CONTACT = "contact";

export class OrderStorage {
  readonly #storage: DurableObjectStorage;
  #state: OrderState | null | undefined = undefined;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /**
   * The order's state, or null where there is no order. Writes nothing.
   *
   * @throws Error for a state newer than this code (a rollback beyond one version).
   */
  get state(): OrderState | null {
    if (this.#state === undefined) {
      const stored = this.#storage.kv.get<OrderState>(STATE) ?? null;
      const version: number = stored?.v ?? ORDER_STATE_VERSION;
      if (version !== ORDER_STATE_VERSION) {
        throw new Error(`order state of version ${version}, this code knows ${ORDER_STATE_VERSION}`);
      }
      this.#state = stored;
    }
    return this.#state;
  }

  /** Content and state of a new order, in one transaction (no await between the two). */
  create(state: OrderState, contact: OrderContact): void {
    this.#storage.kv.put(CONTACT, contact);
    this.save(state);
  }

  save(state: OrderState): void {
    if (state === this.#state) return;
    this.#storage.kv.put(STATE, state);
    this.#state = state;
  }

  /** Keeps what may be forgotten by a crash (when something was last sent) without a write; the next save stores it. */
  remember(state: OrderState): void {
    this.#state = state;
  }

  contact(): OrderContact | null {
    return this.#storage.kv.get<OrderContact>(CONTACT) ?? null;
  }

  eraseContact(): void {
    this.#storage.kv.delete(CONTACT);
  }

  /** The order was never born: nothing of it stays, and its key is free again. */
  async erase(): Promise<void> {
    this.#state = null;
    // Both begin in this turn: an opening that follows must not lose its alarm to a deletion that comes late.
    await Promise.all([this.#storage.deleteAll(), this.#storage.deleteAlarm()]);
  }
}
