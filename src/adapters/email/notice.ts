/** What an e-mail about an order consists of. */
import type { KeptAddress } from "../../contracts/postal-address.ts";
import type { OrderRecord } from "../../domain/order/record.ts";

/** The order an e-mail is about. */
export interface OrderNoticeInput {
  readonly record: OrderRecord;
  readonly shippingAddress: KeptAddress;
  /** Where the order can be followed, with the right to see it; null leaves the button out. */
  readonly orderUrl: string | null;
  /** The store's home page; null leaves the link out. */
  readonly storeUrl: string | null;
}

/** What is said about it. */
export interface Notice {
  readonly subject: string;
  /** The line mail programs show beside the subject. */
  readonly preheader: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** Where its parcel can be followed at the carrier; absent where there is no such page. */
  readonly tracking?: { readonly label: string; readonly url: string };
  readonly totalLabel: string;
  readonly button: string;
  /** Heading of the shipping address; null leaves the address out. */
  readonly shipsTo: string | null;
  readonly closing: string;
}
