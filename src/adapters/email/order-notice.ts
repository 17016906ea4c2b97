/** The e-mails about an order: what is said when it is paid for, and when it could not be completed. */
import type { NoticeKind } from "../../contracts/messages.ts";
import type { KeptAddress } from "../../contracts/postal-address.ts";
import { orderNumber } from "../../domain/order/number.ts";
import { LIMIT_REACHED } from "../../domain/order/record.ts";
import type { EmailContent } from "./message.ts";
import { noticeHtml } from "./notice-html.ts";
import { noticeText } from "./notice-text.ts";
import type { Notice, OrderNoticeInput } from "./notice.ts";
import { shippingLabel } from "./order-summary.ts";

/** Renders the e-mail of that kind as HTML and as plain text. */
export function renderOrderNotice(kind: NoticeKind, input: OrderNoticeInput): EmailContent {
  return kind === "order_confirmed" ? renderOrderConfirmation(input) : renderOrderCancellation(input);
}

export function renderOrderConfirmation(input: OrderNoticeInput): EmailContent {
  const { record, shippingAddress } = input;
  return render(input, {
    subject: `Your Holdfast order ${orderNumber(record.orderId)} is confirmed`,
    preheader: "Payment received. Every item is set aside for you.",
    heading: `Thank you${addressed(shippingAddress)}.`,
    paragraphs: [
      "Your payment went through and every item in this order is yours. We are getting it ready to ship.",
    ],
    totalLabel: "Total paid",
    button: "Follow your order",
    shipsTo: `Ships to (${shippingLabel(record).toLowerCase()})`,
    closing: "Questions about this order? Reply to this e-mail and tell us the order number.",
  });
}

export function renderOrderCancellation(input: OrderNoticeInput): EmailContent {
  const { record, shippingAddress } = input;
  const isOverLimit = record.lastPaymentError?.code === LIMIT_REACHED.code;
  return render(input, {
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
  });
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
