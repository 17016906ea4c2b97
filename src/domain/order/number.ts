/** The number people know an order by: in e-mails, on its page, and when they talk to us. The whole id stays in links. */

import { compactCode } from "../typed-code.ts";

/** The last characters of an order id are its check tag: keyed, so they spread evenly. */
const DIGITS = 8;
const GROUP = 4;

/** `0123-4567`: the end of the id, in capitals and in two groups, to be read aloud. */
export function orderNumber(orderId: string): string {
  const end = orderId.slice(-DIGITS).toUpperCase();
  return `${end.slice(0, GROUP)}-${end.slice(GROUP)}`;
}

/**
 * How the id of an order with this number ends.
 *
 * @param text as somebody typed or heard it: any case and width, with any or no dash; ids have no letters O, I and L
 * @returns null where it is no order number
 */
export function orderIdEnding(text: string): string | null {
  const digits = compactCode(text).toLowerCase().replace(/o/g, "0").replace(/[il]/g, "1");
  return new RegExp(`^[0-9a-z]{${DIGITS}}$`).test(digits) ? digits : null;
}
