/** An e-mail about an order as HTML. */
import { orderNumber } from "../../domain/order/number.ts";
import type { OrderRecord } from "../../domain/order/record.ts";
import { postalAddressLines } from "../../domain/postal-address-lines.ts";
import {
  buttonRow,
  closingRow,
  emailPage,
  FONT,
  headingRow,
  INK,
  MUTED,
  paragraph,
  RULE,
} from "./email-page.ts";
import { html, type Markup } from "./html-text.ts";
import type { Notice, OrderNoticeInput } from "./notice.ts";
import { dateText, lineAmount, summaryRows, totalAmount } from "./order-summary.ts";

export function noticeHtml(input: OrderNoticeInput, notice: Notice): string {
  const { record, orderUrl, storeUrl } = input;
  const numbered = html`<p
    class="muted"
    style="${FONT};margin:20px 0 0;font-size:14px;line-height:20px;color:${MUTED};"
  >
    Order
    <strong class="ink" style="color:${INK};">${orderNumber(record.orderId)}</strong>
    &middot; ${dateText(record.openedAt)}
  </p>`;
  return emailPage({
    subject: notice.subject,
    preheader: notice.preheader,
    storeUrl,
    rows: [
      headingRow(notice.heading, ...notice.paragraphs.map(paragraph), numbered),
      buttonRow(notice.tracking?.url ?? null, notice.tracking?.label ?? ""),
      buttonRow(orderUrl, notice.button),
      html`<tr>
        <td class="inset" style="padding:24px 40px 8px;">${itemsTable(record, notice.totalLabel)}</td>
      </tr>`,
      shippingRow(input, notice),
      closingRow(notice.closing),
    ],
    footer: html`You get this message because this address was given with an order.`,
  });
}

function itemsTable(record: OrderRecord, totalLabel: string): Markup {
  const cell = `${FONT};font-size:15px;line-height:22px;vertical-align:top`;
  const items = record.lines.map(
    (line) =>
      html`<tr>
        <td class="ink rule" style="${cell};padding:14px 0;border-top:1px solid ${RULE};color:${INK};">
          ${line.name}<br /><span class="muted" style="font-size:13px;color:${MUTED};"
            >Quantity ${line.quantity}</span
          >
        </td>
        <td
          class="ink rule"
          align="right"
          style="${cell};padding:14px 0 14px 16px;border-top:1px solid ${RULE};white-space:nowrap;color:${INK};"
        >
          ${lineAmount(record, line)}
        </td>
      </tr>`,
  );
  const rows = summaryRows(record).map(({ label, amount }, index) => {
    const spacing = index === 0 ? `border-top:1px solid ${RULE};padding-top:14px` : "padding-top:4px";
    const style = `${cell};${spacing};color:${MUTED}`;
    return html`<tr>
      <td class="muted rule" style="${style};">${label}</td>
      <td class="muted rule" align="right" style="${style};padding-left:16px;white-space:nowrap;">
        ${amount}
      </td>
    </tr>`;
  });
  return html`<table
    width="100%"
    cellpadding="0"
    cellspacing="0"
    border="0"
    style="border-collapse:collapse;"
  >
    ${items} ${rows}
    <tr>
      <td class="ink" style="${cell};padding:10px 0 0;font-size:17px;font-weight:700;color:${INK};">
        ${totalLabel}
      </td>
      <td
        class="ink"
        align="right"
        style="${cell};padding:10px 0 0 16px;font-size:17px;font-weight:700;white-space:nowrap;color:${INK};"
      >
        ${totalAmount(record)}
      </td>
    </tr>
  </table>`;
}

function shippingRow({ shippingAddress }: OrderNoticeInput, { shipsTo }: Notice): Markup {
  if (shipsTo === null) return html``;
  const lines = postalAddressLines(shippingAddress).map((line) => html`${line}<br />`);
  return html`<tr>
    <td class="inset" style="padding:24px 40px 0;">
      <p
        class="muted"
        style="${FONT};margin:0 0 6px;font-size:13px;line-height:18px;font-weight:600;color:${MUTED};"
      >
        ${shipsTo}
      </p>
      <p class="ink" style="${FONT};margin:0;font-size:15px;line-height:22px;color:${INK};">${lines}</p>
    </td>
  </tr>`;
}
