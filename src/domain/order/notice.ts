/** What a shopper is told by email about an order. */

/** How the purchase ended: one of these, once. */
const FIRST_NOTICE_KINDS = ["order_confirmed", "order_cancelled"] as const;
export type FirstNoticeKind = (typeof FIRST_NOTICE_KINDS)[number];

/** What happens afterwards, once for each thing it is about. */
const LATER_NOTICE_KINDS = [
  "refund_requested",
  "order_refunded",
  "order_shipped",
  "order_delivered",
] as const;
export type LaterNoticeKind = (typeof LATER_NOTICE_KINDS)[number];

export const NOTICE_KINDS = [...FIRST_NOTICE_KINDS, ...LATER_NOTICE_KINDS] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** One email: its kind, and what of the order it is about (the id of a refund, a shipment or a delivery; empty: the order). */
export interface NoticeIdentity {
  readonly kind: NoticeKind;
  readonly about: string;
}

export const isSameNotice = (one: NoticeIdentity, other: NoticeIdentity): boolean =>
  one.kind === other.kind && one.about === other.about;
