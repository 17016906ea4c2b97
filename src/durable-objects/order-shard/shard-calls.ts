/** What the queues' consumers tell an order shard, and what they hear. */
import type { PersistedOrder } from "../../adapters/postgres/orders.ts";
import type { OrderContact } from "../../contracts/messages.ts";
import type { NoticeIdentity } from "../../domain/order/notice.ts";
import type {
  Intent,
  PaymentOperation,
  PaymentOperationResult,
} from "../../domain/order/payment-operation.ts";
import type { OrderRecord } from "../../domain/order/record.ts";

/** What an event or a listing showed of an order's intent; null asks the order what it owes. */
export interface PaymentEvent {
  readonly orderId: string;
  readonly intent: Intent | null;
  /** Something happened to the money after it was taken: Stripe is to be read again. */
  readonly isReviewWanted?: boolean;
}

export interface PaymentEventAnswer {
  readonly exists: boolean;
  /** What is to be done at Stripe now. */
  readonly operation: PaymentOperation | null;
}

/** What came of an operation; or the seconds for which Stripe asked to be left alone, which use up no attempt. */
export type PaymentReport =
  | { readonly orderId: string; readonly result: PaymentOperationResult }
  | { readonly orderId: string; readonly busySeconds: number };

/** One notice of one order. */
export interface OrderNotice extends NoticeIdentity {
  readonly orderId: string;
}

export interface NoticeContent {
  readonly to: string;
  readonly record: OrderRecord;
  readonly shippingAddress: OrderContact["shippingAddress"];
}

/** `refused`: the mailer refuses this message for good, and nobody tries again. */
export interface SettledNotice extends OrderNotice {
  readonly outcome: "sent" | "refused";
}

/** All take lists and answer in the order of the list; each may be repeated without harm. */
export interface OrderShardStub {
  paymentEvents(events: PaymentEvent[]): Promise<PaymentEventAnswer[]>;
  /** Answers what is to be done next. */
  recordPaymentOperations(reports: PaymentReport[]): Promise<(PaymentOperation | null)[]>;
  confirmPersisted(persisted: PersistedOrder[]): Promise<void>;
  /** Null: nothing to send any more. */
  noticeContents(notices: OrderNotice[]): Promise<(NoticeContent | null)[]>;
  noticesSent(notices: SettledNotice[]): Promise<void>;
}
