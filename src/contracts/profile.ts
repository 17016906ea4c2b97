/** HTTP shapes of what somebody with an account keeps here: name, addresses, orders, wish list. */
import * as z from "zod";
import { AVAILABILITY_STATUSES } from "../domain/availability.ts";
import { ORDER_STATUSES } from "../domain/order/status.ts";
import { PersonName } from "./accounts.ts";
import { Price, Sku, Slug, Timestamp } from "./catalog.ts";
import { OrderLineView } from "./orders.ts";
import { judgedTogether, keptAddressFields, postalAddressFields } from "./postal-address.ts";

export const MAX_ADDRESSES = 20;
export const MAX_WISHLIST_ITEMS = 200;
/** As long as a product's name may be. */
export const MAX_HISTORY_QUERY_LENGTH = 100;

export const Me = z.object({
  name: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  createdAt: Timestamp,
});
export type Me = z.infer<typeof Me>;
export const MeBody = z.strictObject({ name: PersonName });

const addressFields = { ...postalAddressFields, isDefault: z.boolean().optional() };

/** An address as the country has them. Exactly one of several is the default; the first is so by itself. */
export const AddressBody = z.strictObject(addressFields).transform(judgedTogether);
export type AddressBody = z.infer<typeof AddressBody>;
/** What is left out stays as it is; the address as a whole is judged as a new one would be. */
export const AddressPatch = z.strictObject(addressFields).partial();
export type AddressPatch = z.infer<typeof AddressPatch>;

export const Address = z.object({
  id: z.string(),
  ...keptAddressFields,
  line2: z.string(),
  region: z.string(),
  isDefault: z.boolean(),
});
export type Address = z.infer<typeof Address>;
/** The default first, then the newest. There are never more than fit in one answer, so the cursor is always null. */
export const AddressList = z.object({ items: z.array(Address), nextCursor: z.null() });
export type AddressList = z.infer<typeof AddressList>;

const OwnOrder = z.object({
  orderId: z.string(),
  /** As e-mails and pages show it. */
  number: z.string(),
  status: z.enum(ORDER_STATUSES),
  placedAt: Timestamp,
  total: Price,
  lines: z.array(OrderLineView.omit({ taxes: true })),
});
export type OwnOrder = z.infer<typeof OwnOrder>;
export const OwnOrderList = z.object({ items: z.array(OwnOrder), nextCursor: z.string().nullable() });
export type OwnOrderList = z.infer<typeof OwnOrderList>;

const WishlistItem = z.object({
  sku: Sku,
  addedAt: Timestamp,
  /** What it is now; null where the store does not sell it any more. */
  product: z
    .object({ slug: Slug, name: z.string(), price: Price, status: z.enum(AVAILABILITY_STATUSES) })
    .nullable(),
});
export type WishlistItem = z.infer<typeof WishlistItem>;
export const Wishlist = z.object({ items: z.array(WishlistItem), nextCursor: z.string().nullable() });
export type Wishlist = z.infer<typeof Wishlist>;
/** What is on the wish list after a change. */
export const WishedSkus = z.object({ skus: z.array(Sku).max(MAX_WISHLIST_ITEMS) });
export type WishedSkus = z.infer<typeof WishedSkus>;

/** What became of putting an old order's items into the cart. */
export const Reordered = z.object({
  /** Whether every item is in the cart; not where one is no longer sold, or the cart is full. */
  complete: z.boolean(),
});
export type Reordered = z.infer<typeof Reordered>;
