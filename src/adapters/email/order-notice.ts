/** The emails about an order: one catalog, every kind of notice in it. */
import { trackingUrl } from "../../domain/carriers.ts";
import { formatMoney } from "../../domain/money.ts";
import type { NoticeIdentity, NoticeKind } from "../../domain/order/notice.ts";
import type { KeptAddress } from "../../contracts/postal-address.ts";
import { orderNumber } from "../../domain/order/number.ts";
import { LIMIT_REACHED, type OrderRecord, type RecordedParcel } from "../../domain/order/record.ts";
import type { EmailContent } from "./message.ts";
import { noticeHtml } from "./notice-html.ts";
import { noticeText } from "./notice-text.ts";
import type { Notice, OrderNoticeInput } from "./notice.ts";
import { shippingLabel } from "./order-summary.ts";

/** What each kind says. `about` is the id of the refund, shipment or delivery it tells of. */
const NOTICES: Readonly<Record<NoticeKind, (input: OrderNoticeInput, about: string) => Notice>> = {
  order_confirmed: confirmation,
  order_cancelled: cancellation,
  refund_requested: refundRequested,
  order_refunded: refunded,
  order_shipped: shipped,
  order_delivered: delivered,
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

function shipped({ record }: OrderNoticeInput, about: string): Notice {
  const parcel = record.parcels.find(({ id }) => id === about);
  if (parcel === undefined) throw new Error(`order ${record.orderId} has no parcel ${about}`);
  const { carrier, trackingNumber } = parcel;
  const url = trackingUrl(carrier, trackingNumber);
  const isWhole = record.parcels.length === 1 && unitsOf(parcel.lines) === unitsOf(record.lines);
  return {
    subject: `${isWhole ? "Your" : "Part of your"} Holdfast order ${orderNumber(record.orderId)} is on its way`,
    preheader: `Sent with ${carrier}, tracking number ${trackingNumber}.`,
    heading: isWhole ? "Your order is on its way." : "A parcel is on its way.",
    paragraphs: [
      `We handed your parcel to ${carrier}. The tracking number is ${trackingNumber}. It can take a day until the carrier shows it.`,
      ...(isWhole ? [] : [`In this parcel: ${contentsOf(record, [parcel])}.`]),
    ],
    ...(url === null ? {} : { tracking: { label: "Track your parcel", url } }),
    totalLabel: "Order total",
    button: "View your order",
    shipsTo: "Ships to",
    closing: QUESTIONS,
  };
}

function delivered({ record }: OrderNoticeInput, about: string): Notice {
  const parcels = record.parcels.filter(({ deliveryId }) => deliveryId === about);
  if (parcels.length === 0) throw new Error(`order ${record.orderId} has no delivery ${about}`);
  const isWhole = record.status === "delivered" && parcels.length === record.parcels.length;
  return {
    subject: `${isWhole ? "Your" : "Part of your"} Holdfast order ${orderNumber(record.orderId)} was delivered`,
    preheader: "We hope you enjoy it.",
    heading: isWhole ? "Your order was delivered." : "A parcel was delivered.",
    paragraphs: [
      `Delivered: ${contentsOf(record, parcels)}.`,
      "Can't find it? Check with your neighbors first, then reply to this email and we'll help.",
    ],
    totalLabel: "Order total",
    button: "View your order",
    shipsTo: null,
    closing: QUESTIONS,
  };
}

/** `2 × Phone, 1 × Case` */
function contentsOf({ lines }: OrderRecord, parcels: readonly RecordedParcel[]): string {
  const packed = parcels.flatMap((parcel) => parcel.lines);
  return lines
    .map(({ sku, name }) => ({ name, quantity: unitsOf(packed.filter((line) => line.sku === sku)) }))
    .filter(({ quantity }) => quantity > 0)
    .map(({ name, quantity }) => `${quantity} × ${name}`)
    .join(", ");
}

const unitsOf = (lines: readonly { readonly quantity: number }[]): number =>
  lines.reduce((sum, { quantity }) => sum + quantity, 0);

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
