/**
 * An e-mail about an order as HTML. Mail programs know tables and inline styles and little else, hence this old-fashioned
 * markup; dark mode is offered by a style block that those who do not know it ignore.
 */
import { orderNumber } from "../../domain/order/number.ts";
import type { OrderRecord } from "../../domain/order/record.ts";
import { Markup, html } from "./html-text.ts";
import type { Notice, OrderNoticeInput } from "./notice.ts";
import { addressLines, dateText, lineAmount, summaryRows, totalAmount } from "./order-summary.ts";

const FONT = "font-family:-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica,Arial,sans-serif";
const INK = "#14201c";
const MUTED = "#55625c";
const RULE = "#e0e3dc";
const ACCENT = "#0f6b52";

const DARK_STYLES = `
@media (prefers-color-scheme: dark) {
  .page { background: #0f1413 !important; }
  .card { background: #171d1b !important; border-color: #2a332f !important; }
  .ink { color: #eef3f0 !important; }
  .muted { color: #a3b0aa !important; }
  .rule { border-color: #2a332f !important; }
}
@media (max-width: 600px) {
  .inset { padding-left: 24px !important; padding-right: 24px !important; }
}`;

export function noticeHtml(input: OrderNoticeInput, notice: Notice): string {
  const { record, orderUrl, storeUrl } = input;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${notice.subject}</title>
        <style>
          ${new Markup(DARK_STYLES)}
        </style>
      </head>
      <body class="page" style="margin:0;padding:0;background:#fafaf7;">
        <div style="display:none;max-height:0;overflow:hidden;opacity:0;">${notice.preheader}</div>
        <table
          role="presentation"
          class="page"
          width="100%"
          cellpadding="0"
          cellspacing="0"
          border="0"
          style="background:#fafaf7;"
        >
          <tr>
            <td align="center" style="padding:32px 12px;">
              <table
                role="presentation"
                width="100%"
                cellpadding="0"
                cellspacing="0"
                border="0"
                style="max-width:560px;"
              >
                <tr>
                  <td
                    class="ink"
                    style="${FONT};padding:0 8px 20px;font-size:18px;font-weight:700;letter-spacing:-0.01em;color:${INK};"
                  >
                    ${brand(storeUrl)}
                  </td>
                </tr>
                <tr>
                  <td class="card" style="background:#ffffff;border:1px solid ${RULE};border-radius:16px;">
                    <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
                      <tr>
                        <td class="inset" style="padding:40px 40px 8px;">
                          <h1
                            class="ink"
                            style="${FONT};margin:0;font-size:28px;line-height:34px;font-weight:700;letter-spacing:-0.02em;color:${INK};"
                          >
                            ${notice.heading}
                          </h1>
                          ${notice.paragraphs.map(paragraph)}
                          <p
                            class="muted"
                            style="${FONT};margin:20px 0 0;font-size:14px;line-height:20px;color:${MUTED};"
                          >
                            Order
                            <strong class="ink" style="color:${INK};">${orderNumber(record.orderId)}</strong>
                            &middot; ${dateText(record.openedAt)}
                          </p>
                        </td>
                      </tr>
                      ${buttonRow(orderUrl, notice.button)}
                      <tr>
                        <td class="inset" style="padding:24px 40px 8px;">
                          ${itemsTable(record, notice.totalLabel)}
                        </td>
                      </tr>
                      ${shippingRow(input, notice)}
                      <tr>
                        <td class="inset" style="padding:24px 40px 40px;">
                          <p
                            class="muted"
                            style="${FONT};margin:0;font-size:14px;line-height:22px;color:${MUTED};"
                          >
                            ${notice.closing}
                          </p>
                        </td>
                      </tr>
                    </table>
                  </td>
                </tr>
                <tr>
                  <td
                    class="muted"
                    style="${FONT};padding:20px 8px 0;font-size:12px;line-height:18px;color:${MUTED};"
                  >
                    You get this message because this address was given with an order.
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html> `.text;
}

function brand(storeUrl: string | null): Markup {
  if (storeUrl === null) return html`Holdfast`;
  return html`<a class="ink" href="${storeUrl}" style="color:${INK};text-decoration:none;">Holdfast</a>`;
}

function paragraph(text: string): Markup {
  return html`<p class="ink" style="${FONT};margin:16px 0 0;font-size:16px;line-height:24px;color:${INK};">
    ${text}
  </p>`;
}

function buttonRow(url: string | null, label: string): Markup {
  if (url === null) return html``;
  return html`<tr>
    <td class="inset" style="padding:24px 40px 8px;">
      <table role="presentation" cellpadding="0" cellspacing="0" border="0">
        <tr>
          <td style="border-radius:999px;background:${ACCENT};">
            <a
              href="${url}"
              style="${FONT};display:inline-block;padding:14px 28px;font-size:16px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none;border-radius:999px;"
              >${label}</a
            >
          </td>
        </tr>
      </table>
    </td>
  </tr>`;
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
  const lines = addressLines(shippingAddress).map((line) => html`${line}<br />`);
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
