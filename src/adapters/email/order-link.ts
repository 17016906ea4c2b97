/** The e-mail with the way to an order, for somebody who asked for it by number. */
import { orderNumber } from "../../domain/order/number.ts";
import { buttonRow, closingRow, emailPage, headingRow, paragraph } from "./email-page.ts";
import { html } from "./html-text.ts";
import type { EmailContent } from "./message.ts";

const HEADING = "Here is your order.";
const LINK_IS_A_RIGHT =
  "Whoever has this link can see the order and cancel it while it is unpaid or not shipped, so keep it to yourself.";
const BUTTON = "See the order";
const NOT_YOU = "If this was not you, there is nothing to do: the link went to this address only.";
const FOOTER = "You get this message because this address was given with an order at Holdfast.";

/**
 * Renders it as HTML and as plain text.
 *
 * @param orderUrl with the right to the order
 * @param storeUrl the store's home page
 */
export function renderOrderLink(orderId: string, orderUrl: string, storeUrl: string): EmailContent {
  const number = orderNumber(orderId);
  const subject = `Your link to Holdfast order ${number}`;
  const asked = `Somebody, probably you, asked for the way to order ${number}.`;
  return {
    subject,
    html: emailPage({
      subject,
      preheader: asked,
      storeUrl,
      rows: [
        headingRow(HEADING, paragraph(asked), paragraph(LINK_IS_A_RIGHT)),
        buttonRow(orderUrl, BUTTON),
        closingRow(NOT_YOU),
      ],
      footer: html`${FOOTER}`,
    }),
    text: `${[HEADING, asked, LINK_IS_A_RIGHT, `${BUTTON}: ${orderUrl}`, NOT_YOU, FOOTER].join("\n\n")}\n`,
  };
}
