/** HTTP shapes of the catalog, of availability and of the cart. */
import * as z from "zod";
import { AVAILABILITY_STATUSES } from "../domain/availability.ts";
import { MAX_LINE_QUANTITY } from "../domain/line-limits.ts";
import { OrderTotals } from "./totals.ts";

/** A SKU: upper-case letters, digits and dashes, 3 to 40 characters. Bounded, because it names a Durable Object. */
export const Sku = z.string().regex(/^[A-Z0-9][A-Z0-9-]{1,38}[A-Z0-9]$/, "must be a SKU");
export const Slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,78}[a-z0-9]$/, "must be a slug");
/** RFC 3339 in UTC. */
export const Timestamp = z.iso.datetime();

export const Price = z.object({ amount: z.int().nonnegative(), currency: z.string().length(3) });

export const ProductImage = z.object({
  /** Path below the store's origin. */
  src: z.string(),
  alt: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  /** The option values this image shows, e.g. `{ color: "Graphite" }`; empty for every variant. */
  options: z.record(z.string(), z.string()),
});

export const ProductOption = z.object({
  /** Machine name, e.g. `color`, `storage`. */
  name: z.string(),
  label: z.string(),
  values: z.array(z.object({ value: z.string(), label: z.string(), swatch: z.string().optional() })),
});

export const ProductSku = z.object({
  sku: Sku,
  name: z.string(),
  options: z.record(z.string(), z.string()),
  price: Price,
  /** Units one buyer may hold and own of this SKU; null when unlimited (the per-line bound of 10 always holds). */
  purchaseLimit: z.int().positive().nullable(),
});

export const ProductDetail = z.object({ label: z.string(), value: z.string() });
export type ProductDetail = z.infer<typeof ProductDetail>;

export const Product = z.object({
  slug: Slug,
  name: z.string(),
  description: z.string(),
  category: z.string(),
  status: z.enum(AVAILABILITY_STATUSES),
  /** When the product goes on sale, for a drop. */
  dropAt: Timestamp.optional(),
  images: z.array(ProductImage),
  options: z.array(ProductOption),
  skus: z.array(ProductSku),
  /** What a buyer looks up: size, weight, what is in the box. In order; left out where the catalog has none. */
  details: z.array(ProductDetail).optional(),
});
export type Product = z.infer<typeof Product>;
export type ProductSku = z.infer<typeof ProductSku>;
export type ProductImage = z.infer<typeof ProductImage>;
export type ProductOption = z.infer<typeof ProductOption>;

export const ProductList = z.object({ items: z.array(Product), nextCursor: z.string().nullable() });
export type ProductList = z.infer<typeof ProductList>;

export const AvailabilityItem = z.object({
  sku: Sku,
  status: z.enum(AVAILABILITY_STATUSES),
  available: z.int(),
});
export type AvailabilityItem = z.infer<typeof AvailabilityItem>;
export const AvailabilityList = z.object({
  items: z.array(AvailabilityItem),
  /** How old the oldest of the figures is. */
  asOf: Timestamp,
  /** When this was said: with the answer's `Age`, the server's time now. */
  serverTime: Timestamp,
});
export type AvailabilityList = z.infer<typeof AvailabilityList>;

/** How many SKUs one availability request may ask for. */
export const MAX_AVAILABILITY_SKUS = 50;

export const CartLineBody = z.strictObject({ quantity: z.int().min(1).max(MAX_LINE_QUANTITY) });
export const CartView = z.object({
  revision: z.int(),
  lines: z.array(
    z.object({
      sku: Sku,
      name: z.string(),
      quantity: z.int(),
      unitPrice: Price,
      status: z.enum(AVAILABILITY_STATUSES),
      /** Units left as last published; null where that is not known. */
      available: z.int().nullable(),
      /** Units one buyer may hold and own of this SKU; null when unlimited. */
      purchaseLimit: z.int().positive().nullable(),
      /** Slug of the product page and its picture, for the cart page. */
      slug: Slug.optional(),
      image: ProductImage.optional(),
    }),
  ),
  subtotal: Price,
  /** Lines of another cart that did not fit into this one when somebody signed in; they come in as soon as there is room. */
  /**
   * What it will probably cost with the cheapest shipping, for the country the request comes from. `taxMayBeAdded`: taxes there depend
   * on a region that nobody has named yet. Left out of an empty cart, and where the store ships nothing.
   */
  estimate: z
    .object({
      country: z.string().length(2),
      shippingMethod: z.string(),
      totals: OrderTotals,
      taxMayBeAdded: z.boolean(),
    })
    .optional(),
  waiting: z.array(z.object({ sku: Sku, name: z.string(), quantity: z.int() })).optional(),
});
export type CartView = z.infer<typeof CartView>;
