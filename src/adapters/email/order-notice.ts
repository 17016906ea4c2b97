/** The emails about an order: one catalog, every kind of notice in it. */
import { formatMoney } from "../../domain/money.ts";
import type { NoticeIdentity, NoticeKind } from "../../domain/order/notice.ts";
import type { KeptAddress } from "../../contracts/postal-address.ts";
import { orderNumber } from "../../domain/order/number.ts";
import { LIMIT_REACHED } from "../../domain/order/record.ts";
import type { EmailContent } from "./message.ts";
import { noticeHtml } from "./notice-html.ts";
import { noticeText } from "./notice-text.ts";
import type { Notice, OrderNoticeInput } from "./notice.ts";
import { shippingLabel } from "./order-summary.ts";

/** What each kind says. `about` is the id of the refund or parcel it tells of. */
const NOTICES: Readonly<Record<NoticeKind, (input: OrderNoticeInput, about: string) => Notice>> = {
  order_confirmed: confirmation,
  order_cancelled: cancellation,
  refund_requested: refundRequested,
  order_refunded: refunded,
};

/** Renders the email as HTML and as plain text. */
export function renderOrderNotice({ kind, about }: NoticeIdentity, input: OrderNoticeInput): EmailContent {
  return render(input, NOTICES[kind](input, about));
}

const QUESTIONS = "Questions about this order? Reply to this email and tell us the order number.";

function confirmation({ record, shippingAddress }: OrderNoticeInput): Notice {
  return {
    subject: `Your Holdfast order ${orderNumber(record.orderId)} is confirmed`,
    preheader: "Payment received. Every item is set aside for you.",
    heading: `Thank you${addressed(shippingAddress)}.`,
    paragraphs: [
      "Your payment went through and every item in this order is yours. We are getting it ready to ship.",
    ],
    totalLabel: "Total paid",
    button: "Follow your order",
    shipsTo: `Ships to (${shippingLabel(record).toLowerCase()})`,
    closing: QUESTIONS,
  };
}

function cancellation({ record, shippingAddress }: OrderNoticeInput): Notice {
  const isOverLimit = record.lastPaymentError?.code === LIMIT_REACHED.code;
  return {
    subject: `Your Holdfast order ${orderNumber(record.orderId)} was cancelled`,
    preheader: "You have not been charged.",
    heading: `Sorry${addressed(shippingAddress)}.`,
    paragraphs: [
      isOverLimit
        ? `${LIMIT_REACHED.message} So this order was cancelled and the items were released.`
        : "We could not complete this order, so it was cancelled and the items were released.",
      "You have not been charged. If your bank shows a pending amount, it is a hold that goes away by itself, usually within a few days.",
    ],
    totalLabel: "Total, not charged",
    button: "View the order",
    shipsTo: null,
    closing: isOverLimit
      ? "So that as many people as possible get one, each customer can buy only so many."
      : "The items may be available again. You are welcome to place a new order at any time.",
  };
}

function refundRequested({ record }: OrderNoticeInput): Notice {
  return {
    subject: `We got your request to cancel Holdfast order ${orderNumber(record.orderId)}`,
    preheader: "We'll email you as soon as your refund is on its way.",
    heading: "We got your request.",
    paragraphs: [
      "You asked us to cancel this order and refund your payment. We'll take care of it and email you as soon as your refund is on its way.",
    ],
    totalLabel: "Order total",
    button: "View your order",
    shipsTo: null,
    closing: QUESTIONS,
  };
}

function refunded({ record }: OrderNoticeInput, about: string): Notice {
  const refund = record.refunds.find(({ id }) => id === about);
  if (refund === undefined) throw new Error(`order ${record.orderId} has no refund ${about}`);
  const amount = formatMoney({ amount: refund.amountMinor, currency: record.totals.currency });
  return {
    subject: `We refunded ${amount} for your Holdfast order ${orderNumber(record.orderId)}`,
    preheader: `${amount} is on its way back to you.`,
    heading: "Your refund is on its way.",
    paragraphs: [
      `We refunded ${amount} to the card you paid with. Most banks show it within 5 to 10 business days.`,
      record.status === "refunded"
        ? "This order is now fully refunded."
        : "The rest of your order stays as it is.",
    ],
    totalLabel: "Order total",
    button: "View your order",
    shipsTo: null,
    closing: QUESTIONS,
  };
}

function render(input: OrderNoticeInput, notice: Notice): EmailContent {
  return { subject: notice.subject, html: noticeHtml(input, notice), text: noticeText(input, notice) };
}

/** A first word that is plainly a name; nobody gets to have a link or a message of theirs sent under our heading. */
const NAME = /^[\p{L}\p{M}'’-]{1,30}$/u;

/** `, Ada`, or nothing where the name is not one to begin a sentence with. */
function addressed({ name }: KeptAddress): string {
  const [first = ""] = name.split(/\s+/);
  return NAME.test(first) ? `, ${first}` : "";
}
