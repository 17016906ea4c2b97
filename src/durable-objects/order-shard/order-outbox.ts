/** What a shard tells the queues about its orders: snapshots for Postgres, what is owed at Stripe, notices to shoppers. */
import type { Telemetry } from "../../adapters/telemetry/telemetry.ts";
import {
  MAX_ORDERS_PER_MESSAGE,
  MESSAGE_VERSION,
  type ChangedOrder,
  type OrderContact,
} from "../../contracts/messages.ts";
import {
  isStripeDue,
  noticesAsked,
  noticesDue,
  obligationsAsked,
  snapshotSent,
} from "../../domain/order/next-step.ts";
import type { NoticeIdentity } from "../../domain/order/notice.ts";
import { isUnconfirmed, type OrderState } from "../../domain/order/state.ts";
import { sendWhenDurable } from "../durable-send.ts";
import { MessageBatcher } from "./message-batcher.ts";
import type { Asker } from "./orders.ts";
import { orderChange } from "./order-snapshot.ts";

const MAX_MESSAGE_BYTES = 100_000;
/** An order id with its quotes and comma; a notice with its kind and the id of what it is about. */
const ID_BYTES = 40;
const NOTICE_BYTES = 250;

interface Notice extends NoticeIdentity {
  readonly orderId: string;
}

export interface OrderOutboxDeps {
  readonly env: Pick<Env, "ORDERS_QUEUE" | "PAYMENTS_QUEUE" | "NOTIFICATIONS_QUEUE">;
  readonly storage: Pick<DurableObjectStorage, "sync">;
  readonly telemetry: Telemetry;
  readonly contactOf: (orderId: string) => OrderContact | null;
  readonly random: () => number;
}

const utf8 = new TextEncoder();

export class OrderOutbox {
  readonly #deps: OrderOutboxDeps;
  readonly #snapshots: MessageBatcher<ChangedOrder>;
  readonly #payments: MessageBatcher<string>;
  readonly #notices: MessageBatcher<Notice>;

  constructor(deps: OrderOutboxDeps) {
    this.#deps = deps;
    const { env, storage } = deps;
    const limits = { maxItems: MAX_ORDERS_PER_MESSAGE, maxBytes: MAX_MESSAGE_BYTES };
    this.#snapshots = new MessageBatcher({
      ...limits,
      bytesOf: (change) => utf8.encode(JSON.stringify(change)).length,
      send: (orders) =>
        sendWhenDurable(storage, () =>
          env.ORDERS_QUEUE.send({ v: MESSAGE_VERSION, type: "orders.changed", orders }),
        ),
      failed: this.#failed("orders.changed"),
    });
    this.#payments = new MessageBatcher({
      ...limits,
      bytesOf: () => ID_BYTES,
      send: (orderIds) =>
        sendWhenDurable(storage, () =>
          env.PAYMENTS_QUEUE.send({ v: MESSAGE_VERSION, type: "payments.due", orderIds }),
        ),
      failed: this.#failed("payments.due"),
    });
    this.#notices = new MessageBatcher({
      ...limits,
      bytesOf: () => NOTICE_BYTES,
      send: (notices) =>
        sendWhenDurable(storage, () =>
          env.NOTIFICATIONS_QUEUE.send({ v: MESSAGE_VERSION, type: "notices.due", notices }),
        ),
      failed: this.#failed("notices.due"),
    });
  }

  /**
   * Puts what is due into the batchers.
   *
   * @param asker who does what is owed at Stripe: the `queue` is asked, or the `caller` (its consumer) does it itself
   * @returns the state that knows when all of it is sent again; to be saved in the same turn
   */
  collect(state: OrderState, asker: Asker, now: number): OrderState {
    const { contactOf, random } = this.#deps;
    let next = state;
    if (isUnconfirmed(next) && next.outbox.nextAt <= now) {
      this.#snapshots.add(
        next.orderId,
        orderChange(next, next.contactPersisted ? null : contactOf(next.orderId)),
      );
      next = snapshotSent(next, now, random());
    }
    if (isStripeDue(next, now)) {
      if (asker === "queue") this.#payments.add(next.orderId, next.orderId);
      next = obligationsAsked(next, now, random());
    }
    const { orderId } = next;
    const notices = noticesDue(next, now);
    for (const { kind, about } of notices)
      this.#notices.add(`${orderId} ${kind} ${about}`, { orderId, kind, about });
    if (notices.length > 0) next = noticesAsked(next, now, random());
    return next;
  }

  /** Sends what was collected. Never rejects, and no reply waits for it. */
  async flush(): Promise<void> {
    await Promise.all([this.#snapshots.flush(), this.#payments.flush(), this.#notices.flush()]);
  }

  #failed(messageType: string): (fault: unknown, count: number) => void {
    return (fault, count) => {
      this.#deps.telemetry.fault("order.send_failed", fault, { messageType, count });
    };
  }
}
