/** The catalog as shoppers see it: products with what is left of them. Reads copies only, never a SKU object. */
import type { AvailabilityItem, CartView, Product } from "../contracts/catalog.ts";
import type { AvailabilityStatus } from "../domain/availability.ts";
import type { CartState } from "../domain/cart.ts";
import { imagesOf } from "../../web/option-choice.ts";
import type { Services } from "./compose.ts";

/** The currency of an empty cart. A cart holds one currency only: so does the catalog. */
const STORE_CURRENCY = "USD";

/** The best of a product's SKUs speaks for it. */
const BEST_FIRST: readonly AvailabilityStatus[] = ["in_stock", "low_stock", "coming_soon", "sold_out"];

export interface AvailabilityAnswer {
  readonly items: AvailabilityItem[];
  /** Epoch ms. */
  readonly asOf: number;
}

/**
 * What can be had of some SKUs.
 *
 * @returns null for the SKUs that the catalog does not know, by their place in the list
 */
export async function availabilityOf(
  { catalog, availability }: Services,
  skus: readonly string[],
): Promise<{ ok: true; answer: AvailabilityAnswer } | { ok: false; unknownAt: number[] }> {
  const entries = await catalog.skus(skus);
  const unknownAt = entries.flatMap((entry, index) => (entry === null ? [index] : []));
  if (unknownAt.length > 0) return { ok: false, unknownAt };
  const wanted = entries.flatMap((entry) =>
    entry === null
      ? []
      : [
          {
            sku: entry.sku.sku,
            opensAt: entry.terms.opensAt,
            initialQuantity: entry.terms.initialStock.quantity,
          },
        ],
  );
  return { ok: true, answer: await availability.read(wanted) };
}

export interface ProductInStock {
  readonly product: Product;
  readonly availability: readonly AvailabilityItem[];
}

/** Products with the status that their SKUs' availability gives them. */
export async function inStock(services: Services, products: readonly Product[]): Promise<ProductInStock[]> {
  const skus = products.flatMap((product) => product.skus.map(({ sku }) => sku));
  const found = await availabilityOf(services, skus);
  const bySku = new Map(found.ok ? found.answer.items.map((item) => [item.sku, item]) : []);
  return products.map((product) => {
    const availability = product.skus.flatMap(({ sku }) => bySku.get(sku) ?? []);
    const statuses = new Set(availability.map(({ status }) => status));
    const status = BEST_FIRST.find((candidate) => statuses.has(candidate)) ?? product.status;
    return { product: { ...product, status }, availability };
  });
}

/** A cart with names, prices and availability. Lines whose SKU has left the catalog are left out. */
export async function cartView(services: Services, cart: CartState): Promise<CartView> {
  const wanted = [...cart.lines, ...(cart.waiting ?? [])].map(({ sku }) => sku);
  const known = new Map(
    (await services.catalog.skus(wanted)).flatMap((entry) =>
      entry === null ? [] : [[entry.sku.sku, entry] as const],
    ),
  );
  const entries = cart.lines.flatMap(({ sku }) => known.get(sku) ?? []);
  const found = await availabilityOf(
    services,
    entries.map((entry) => entry.sku.sku),
  );
  const lines = entries.map(({ product, sku }) => {
    const image = imagesOf(product, sku)[0];
    const level = found.ok ? found.answer.items.find((item) => item.sku === sku.sku) : undefined;
    return {
      sku: sku.sku,
      name: sku.name,
      quantity: cart.lines.find((line) => line.sku === sku.sku)?.quantity ?? 0,
      unitPrice: sku.price,
      status: level?.status ?? product.status,
      available: level?.available ?? null,
      purchaseLimit: sku.purchaseLimit,
      slug: product.slug,
      ...(image === undefined ? {} : { image }),
    };
  });
  const waiting = (cart.waiting ?? []).flatMap(({ sku, quantity }) => {
    const entry = known.get(sku);
    return entry === undefined ? [] : [{ sku, name: entry.sku.name, quantity }];
  });
  const amount = lines.reduce((sum, line) => sum + line.quantity * line.unitPrice.amount, 0);
  return {
    revision: cart.revision,
    lines,
    subtotal: { amount, currency: lines[0]?.unitPrice.currency ?? STORE_CURRENCY },
    ...(cart.waiting === undefined ? {} : { waiting }),
  };
}
