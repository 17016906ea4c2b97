/**
 * What an order wants done at Stripe, and what came of it.
 *
 * An operation's idempotency key is `orderId:kind:n` with parameters frozen at `n`; the order raises `n` only after the
 * outcome of `n` was settled by looking at Stripe.
 */
import type { Dispute, FraudWarning } from "./disputes.ts";
import type { PaymentFailure } from "./record.ts";
import type { ShownRefund } from "./refunds.ts";

/** A PaymentIntent as Stripe showed it (the part we keep). */
export interface Intent {
  readonly id: string;
  readonly amountMinor: number;
  /** ISO 4217, upper case. */
  readonly currency: string;
  readonly status: IntentStatus;
  readonly capturedMinor: number;
  readonly lastError: PaymentFailure | null;
  readonly orderId: string | null;
  readonly operationId: string | null;
}

export type IntentStatus =
  | "requires_payment_method"
  | "requires_confirmation"
  | "requires_action"
  | "processing"
  | "requires_capture"
  | "succeeded"
  | "canceled";

interface Operation {
  readonly orderId: string;
  /** The count of attempts of this kind; part of the idempotency key. */
  readonly n: number;
}

/** Create the PaymentIntent (manual capture), order and operation id in its metadata. */
export interface CreateIntent extends Operation {
  readonly kind: "create";
  readonly amountMinor: number;
  readonly currency: string;
  /** Epoch milliseconds at which `n` was begun: bounds the listing that settles an unknown outcome. */
  readonly startedAt: number;
}

/** Find out whether an intent exists and how it stands; without an id, by its creation's key and operation id. */
export interface InspectIntent extends Operation {
  readonly kind: "inspect";
  readonly intentId: string | null;
  readonly startedAt: number;
  readonly amountMinor: number;
  readonly currency: string;
}

export interface CaptureIntent extends Operation {
  readonly kind: "capture";
  readonly intentId: string;
  readonly amountMinor: number;
}

export interface CancelIntent extends Operation {
  readonly kind: "cancel";
  readonly intentId: string;
}

/** Give back what was captured, or a part of it. */
export interface RefundIntent extends Operation {
  readonly kind: "refund";
  readonly intentId: string;
  readonly amountMinor: number;
  /** The number it was born with. Where `n` is another one, an earlier attempt may have succeeded after all: it is looked for first. */
  readonly firstN: number;
}

/** Read what became of the money of an intent: refunds, disputes, warnings. */
export interface ReviewPayment extends Operation {
  readonly kind: "review";
  readonly intentId: string;
}

/** Find out which card an authorised intent would charge. */
export interface IdentifyPayer extends Operation {
  readonly kind: "identify";
  readonly intentId: string;
}

export type PaymentOperation =
  CreateIntent | InspectIntent | IdentifyPayer | CaptureIntent | CancelIntent | RefundIntent | ReviewPayment;

/** `orderId:kind:n`: Stripe's idempotency key, and the operation id in an intent's metadata. */
export function operationId(operation: Pick<PaymentOperation, "orderId" | "kind" | "n">): string {
  return `${operation.orderId}:${operation.kind}:${operation.n}`;
}

/** The operation id under which the intent of an order's n-th creation is found. */
export function creationId(orderId: string, n: number): string {
  return operationId({ orderId, kind: "create", n });
}

/** The refusal of an operation on an intent that Stripe does not know: nothing is owed on it any more. */
export const INTENT_GONE: PaymentFailure = {
  code: "resource_missing",
  message: "The payment does not exist.",
};

/** What became of the money of an intent, as Stripe lists it. */
export interface ShownMoney {
  readonly refunds: readonly ShownRefund[];
  readonly disputes: readonly Dispute[];
  readonly fraudWarning: FraudWarning | null;
}

export type PaymentOperationResult =
  /** Stripe showed the intent; `clientSecret` only where the intent was created or retrieved with the secret key. */
  | {
      readonly kind: PaymentOperation["kind"];
      readonly n: number;
      readonly outcome: "intent";
      readonly intent: Intent;
      readonly clientSecret: string | null;
    }
  /** No intent of that operation exists, settled by looking. */
  | {
      readonly kind: "create" | "inspect";
      readonly n: number;
      readonly outcome: "none";
      /** The intent that was looked for and is not there, or null where it was looked for by its operation. */
      readonly intentId: string | null;
      readonly failure: PaymentFailure | null;
    }
  /** The card's key; null where the intent has no card, or is not there at all. */
  | {
      readonly kind: "identify";
      readonly n: number;
      readonly outcome: "identified";
      readonly intentId: string;
      readonly payer: string | null;
    }
  /** The refund was made, and stands as shown. */
  | {
      readonly kind: "refund";
      readonly n: number;
      readonly outcome: "refunded";
      readonly refund: ShownRefund;
    }
  /** Stripe failed, and it was looked up that no refund came of it: nothing has happened. */
  | { readonly kind: "refund"; readonly n: number; readonly outcome: "undone" }
  /** What became of the intent's money; null where Stripe does not know the intent. */
  | {
      readonly kind: "review";
      readonly n: number;
      readonly outcome: "reviewed";
      readonly shown: ShownMoney | null;
    }
  /** Stripe finally refused, and the intent stands as shown. */
  | {
      readonly kind: "capture" | "cancel" | "refund";
      readonly n: number;
      readonly outcome: "refused";
      readonly failure: PaymentFailure;
      readonly intent: Intent | null;
    };
