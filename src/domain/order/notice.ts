/** What a shopper is told by e-mail about an order. */

export const NOTICE_KINDS = ["order_confirmed", "order_cancelled"] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];
