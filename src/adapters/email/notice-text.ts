/** An e-mail about an order as plain text. */
import { orderNumber } from "../../domain/order/number.ts";
import { postalAddressLines } from "../../domain/postal-address-lines.ts";
import type { Notice, OrderNoticeInput } from "./notice.ts";
import { dateText, lineAmount, summaryRows, totalAmount } from "./order-summary.ts";

export function noticeText(input: OrderNoticeInput, notice: Notice): string {
  const { record, orderUrl, shippingAddress } = input;
  const items = record.lines.map((line) => `${line.quantity} x ${line.name}: ${lineAmount(record, line)}`);
  const sums = summaryRows(record).map(({ label, amount }) => `${label}: ${amount}`);
  const sections = [
    [notice.heading],
    notice.paragraphs.flatMap((text, index) => (index === 0 ? [text] : ["", text])),
    notice.tracking === undefined ? [] : [`${notice.tracking.label}: ${notice.tracking.url}`],
    [`Order ${orderNumber(record.orderId)}`, dateText(record.openedAt)],
    items,
    [...sums, `${notice.totalLabel}: ${totalAmount(record)}`],
    notice.shipsTo === null ? [] : [`${notice.shipsTo}:`, ...postalAddressLines(shippingAddress)],
    orderUrl === null ? [] : [`${notice.button}: ${orderUrl}`],
    [notice.closing],
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join("\n"))
    .join("\n\n")}\n`;
}
