/**
 * The frame of every e-mail: the store's name, a card, a line below it. Mail programs know tables and inline styles and
 * little else, hence this old-fashioned markup; dark mode is offered by a style block that those who do not know it ignore.
 */
import { Markup, html } from "./html-text.ts";

export const FONT = "font-family:-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica,Arial,sans-serif";
export const INK = "#14201c";
export const MUTED = "#55625c";
export const RULE = "#e0e3dc";
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

export interface EmailFrame {
  readonly subject: string;
  /** The line mail programs show beside the subject. */
  readonly preheader: string;
  /** The store's home page; null leaves the link out. */
  readonly storeUrl: string | null;
  /** Table rows of the card. */
  readonly rows: readonly Markup[];
  /** Below the card: why this message came. */
  readonly footer: Markup;
}

/** The whole document. */
export function emailPage({ subject, preheader, storeUrl, rows, footer }: EmailFrame): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${subject}</title>
        <style>
          ${new Markup(DARK_STYLES)}
        </style>
      </head>
      <body class="page" style="margin:0;padding:0;background:#fafaf7;">
        <div style="display:none;max-height:0;overflow:hidden;opacity:0;">${preheader}</div>
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
                      ${rows}
                    </table>
                  </td>
                </tr>
                <tr>
                  <td
                    class="muted"
                    style="${FONT};padding:20px 8px 0;font-size:12px;line-height:18px;color:${MUTED};"
                  >
                    ${footer}
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

/** A paragraph of the card. */
export function paragraph(text: string): Markup {
  return html`<p class="ink" style="${FONT};margin:16px 0 0;font-size:16px;line-height:24px;color:${INK};">
    ${text}
  </p>`;
}

/** The one thing to do; nothing where there is no address to go to. */
export function buttonRow(url: string | null, label: string): Markup {
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

/** The card's heading with what belongs right below it. */
export function headingRow(heading: string, ...below: readonly Markup[]): Markup {
  return html`<tr>
    <td class="inset" style="padding:40px 40px 8px;">
      <h1
        class="ink"
        style="${FONT};margin:0;font-size:28px;line-height:34px;font-weight:700;letter-spacing:-0.02em;color:${INK};"
      >
        ${heading}
      </h1>
      ${below}
    </td>
  </tr>`;
}

/** The last words of the card. */
export function closingRow(text: string): Markup {
  return html`<tr>
    <td class="inset" style="padding:24px 40px 40px;">
      <p class="muted" style="${FONT};margin:0;font-size:14px;line-height:22px;color:${MUTED};">${text}</p>
    </td>
  </tr>`;
}
