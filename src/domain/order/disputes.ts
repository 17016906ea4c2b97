/** Disputes and fraud warnings of an order's payment, as Stripe shows them: fields with a deadline, not states of the order. */
import type { OrderState } from "./state.ts";
import { changed } from "./transitions.ts";

export const DISPUTE_STATUSES = [
  "warning_needs_response",
  "warning_under_review",
  "warning_closed",
  "needs_response",
  "under_review",
  "won",
  "lost",
  "prevented",
] as const;
/** As Stripe names them; `warning_…` are inquiries, by which no money moves. */
export type DisputeStatus = (typeof DISPUTE_STATUSES)[number];

export interface Dispute {
  readonly id: string;
  readonly status: DisputeStatus;
  /** Stripe's word for why: `fraudulent`, `product_not_received`, … */
  readonly reason: string;
  readonly amountMinor: number;
  /** By when evidence is to be there, epoch ms; null where none is asked for. */
  readonly evidenceDueAt: number | null;
  /** Whether Stripe still refunds the payment: of an inquiry it does. */
  readonly isRefundable: boolean;
  /** What the bank has taken from the store's balance and not given back, minor units. */
  readonly withdrawnMinor: number;
  /** Epoch ms. */
  readonly openedAt: number;
}

/** A bank's word that a payment is likely fraud; a dispute may follow. */
export interface FraudWarning {
  readonly id: string;
  /** Stripe's word for what kind of fraud. */
  readonly type: string;
  /** Whether a full refund now would keep the dispute away. */
  readonly isActionable: boolean;
  /** Epoch ms. */
  readonly at: number;
}

/** Takes over what Stripe lists of an intent. */
export function observeDisputes(
  state: OrderState,
  disputes: readonly Dispute[],
  warning: FraudWarning | null,
  now: number,
): OrderState {
  const before = [state.disputes ?? [], state.fraudWarning ?? null];
  // Compared by content: Stripe is read again and again, and what says the same is no news.
  if (JSON.stringify(before) === JSON.stringify([disputes, warning])) return state;
  return changed({ ...state, disputes, fraudWarning: warning }, now);
}

/** Whether the bank is disputing the payment, so that Stripe refunds nothing of it. */
export function isDisputed(state: OrderState): boolean {
  return (state.disputes ?? []).some(({ isRefundable, status }) => !isRefundable && status !== "won");
}

/** Whether what Stripe shows of a dispute will still change. */
export function isDisputeOpen({ status }: Dispute): boolean {
  return status !== "won" && status !== "lost" && status !== "warning_closed" && status !== "prevented";
}
