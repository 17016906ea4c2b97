/** What an order's page says first: one title, one explanation and a tone for every state. Pure. */
import type { OrderView } from "../../src/contracts/orders.ts";
import { waitText } from "../wait-text.ts";
import { LIMIT_REACHED } from "../../src/domain/order/record.ts";

export interface OrderHeadline {
  readonly title: string;
  readonly text: string;
  readonly tone: "waiting" | "action" | "good" | "ended";
}

/**
 * @param paymentSubmitted the shopper has just paid and the result has not arrived yet
 */
export function orderHeadline(order: OrderView, paymentSubmitted: boolean): OrderHeadline {
  switch (order.status) {
    case "reserved":
      if (paymentSubmitted && order.lastPaymentError === undefined)
        return {
          title: "Confirming your payment",
          text: `${confirmationTime(order)} This page updates by itself.`,
          tone: "waiting",
        };
      return {
        title: "Reserved for you",
        text: "Your items are set aside. Pay before the time is up to keep them.",
        tone: "action",
      };
    case "authorised":
      return {
        title: "Securing your items",
        text: `Your payment is authorized. We charge it as soon as every item is secured. ${confirmationTime(order)}`,
        tone: "waiting",
      };
    case "paid":
      if (order.refundRequested === true)
        return {
          title: "We're canceling your order",
          text: "We refund the full amount and email you when it's on its way.",
          tone: "waiting",
        };
      return {
        title: "Thank you. It is yours.",
        text: "Your order is paid and a confirmation is on its way to your inbox.",
        tone: "good",
      };
    case "shipped":
      return { title: "On its way", text: shippedText(order), tone: "good" };
    case "delivered":
      return { title: "Delivered", text: "Your parcel has arrived. Enjoy it.", tone: "good" };
    case "refunded":
      return {
        title: "Refunded",
        text: "The full amount goes back to your card. Banks take 5 to 10 days to show it.",
        tone: "ended",
      };
    case "expired":
      return {
        title: "The reservation has ended",
        text: "The time to pay ran out. You have not been charged.",
        tone: "ended",
      };
    case "cancelled":
      return cancelledHeadline(order);
  }
}

function shippedText({ lines, parcels = [] }: OrderView): string {
  const units = (of: readonly { readonly quantity: number }[]) =>
    of.reduce((sum, { quantity }) => sum + quantity, 0);
  const isWhole = units(parcels.flatMap((parcel) => parcel.lines)) >= units(lines);
  if (!isWhole) return "Part of your order has left our warehouse. You'll get an email when the rest does.";
  return parcels.length === 1
    ? "Your parcel has left our warehouse."
    : "Your parcels have left our warehouse.";
}

/** As measured on the orders before this one. */
function confirmationTime({ estimatedWaitSeconds }: OrderView): string {
  if (estimatedWaitSeconds === undefined) return "This usually doesn't take long.";
  return `Right now this takes ${waitText(estimatedWaitSeconds)}.`;
}

/** The buyer or the card has paid for as many as one customer may have. */
export function isOverLimit({ status, lastPaymentError }: OrderView): boolean {
  return status === "cancelled" && lastPaymentError?.code === LIMIT_REACHED.code;
}

/**
 * An order that was cancelled after an authorisation was not cancelled by its shopper: it was more than one customer may have, a
 * unit was lost, or the bank refused the capture. Which of the last two is not told outside.
 */
function cancelledHeadline(order: OrderView): OrderHeadline {
  if (isOverLimit(order))
    return {
      title: "This is more than one customer can buy",
      text:
        `${LIMIT_REACHED.message} So we have cancelled this order. ` +
        "You have not been charged; the authorisation disappears from your card by itself.",
      tone: "ended",
    };
  if (order.timeline.some((step) => step.status === "authorised"))
    return {
      title: "We could not complete your order",
      text:
        "An item could no longer be secured, or your bank did not complete the payment. " +
        "You have not been charged; the authorisation disappears from your card by itself.",
      tone: "ended",
    };
  return {
    title: "Order cancelled",
    text: "Its items are back on sale. You have not been charged.",
    tone: "ended",
  };
}
