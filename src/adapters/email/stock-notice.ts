/** The e-mail to somebody who waited: a SKU is back, or a drop is about to open. Says what it is, and how to get no more. */
import type { StockNoticeKind } from "../../domain/stock-notice.ts";
import { FONT, MUTED, buttonRow, closingRow, emailPage, headingRow, paragraph } from "./email-page.ts";
import { html } from "./html-text.ts";
import type { EmailContent } from "./message.ts";

export interface StockNoticeInput {
  readonly kind: StockNoticeKind;
  /** What it is about, as the catalog names it. */
  readonly name: string;
  /** Where it can be bought. */
  readonly productUrl: string;
  /** Ends all e-mails of this kind to the address, by one POST; opened in a browser it asks first. */
  readonly unsubscribeUrl: string;
  readonly storeUrl: string;
  /** When a drop opens, epoch ms. */
  readonly opensAt: number | null;
  /** Epoch ms. */
  readonly now: number;
}

const OPENING = new Intl.DateTimeFormat("en-US", {
  timeZone: "UTC",
  weekday: "long",
  month: "long",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
  timeZoneName: "short",
});

const FOOTER = "You get this message because this address was left with us for it.";

interface Words {
  readonly subject: string;
  readonly preheader: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  readonly button: string;
  readonly closing: string;
}

/** Renders it as HTML and as plain text, with the headers by which mail programs offer the way out (RFC 8058). */
export function renderStockNotice(input: StockNoticeInput): EmailContent {
  const words = input.kind === "restock" ? backInStock(input) : opening(input);
  const { productUrl, unsubscribeUrl, storeUrl } = input;
  const page = emailPage({
    subject: words.subject,
    preheader: words.preheader,
    storeUrl,
    rows: [
      headingRow(words.heading, ...words.paragraphs.map(paragraph)),
      buttonRow(productUrl, words.button),
      closingRow(words.closing),
    ],
    footer: html`${FOOTER}
      <a class="muted" href="${unsubscribeUrl}" style="${FONT};color:${MUTED};">Send me no more of them</a>`,
  });
  const text = [
    words.heading,
    ...words.paragraphs,
    `${words.button}: ${productUrl}`,
    words.closing,
    `${FOOTER}\nSend me no more of them: ${unsubscribeUrl}`,
  ].join("\n\n");
  return {
    subject: words.subject,
    html: page,
    text: `${text}\n`,
    headers: {
      "List-Unsubscribe": `<${unsubscribeUrl}>`,
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
  };
}

function backInStock({ name }: StockNoticeInput): Words {
  return {
    subject: `Back in stock: ${name}`,
    preheader: "You asked us to tell you.",
    heading: "It is back.",
    paragraphs: [
      `You asked us to tell you when ${name} can be had again. Now it can.`,
      "This message does not set one aside: what is in your order is yours once you check out.",
    ],
    button: "See it in the store",
    closing: "That was the one message you asked for. We write again only if you ask again.",
  };
}

function opening({ name, opensAt, now }: StockNoticeInput): Words {
  const isOpen = opensAt === null || opensAt <= now;
  return {
    subject: isOpen ? `On sale now: ${name}` : `Soon on sale: ${name}`,
    preheader: isOpen ? "The sale is open." : `It opens ${OPENING.format(opensAt)}.`,
    heading: isOpen ? "The sale is open." : "Nearly time.",
    paragraphs: [
      isOpen
        ? `${name} is on sale now.`
        : `${name} goes on sale ${OPENING.format(opensAt)}. The page opens by itself at that moment, so there is no need to reload it.`,
      "Reserved means yours: from the moment you check out, nobody else can buy your units while you pay.",
    ],
    button: isOpen ? "Buy now" : "Get ready",
    closing: "That was the one message you asked for. We write again only if you ask again.",
  };
}
