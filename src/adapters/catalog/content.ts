/** The catalog's content as it is read from Postgres and kept in caches: products, and the terms of their SKUs. */
import { z } from "zod";
import { Product, Timestamp } from "../../contracts/catalog.ts";
import type { Terms } from "../../domain/inventory/state.ts";

/** What a SKU's object is configured with: its terms, and what it receives the first time. */
export interface SkuTerms extends Terms {
  readonly initialStock: { readonly id: string; readonly quantity: number };
}

const SkuTermsShape = z.object({
  version: z.int().positive(),
  unitAmountMinor: z.int().nonnegative(),
  currency: z.string().length(3),
  purchaseLimit: z.int().positive().nullable(),
  opensAt: z.int().nullable(),
  initialStock: z.object({ id: z.string(), quantity: z.int().nonnegative() }),
});

/** One product with the terms of each of its SKUs. Its status depends on the moment and is not kept. */
export const CatalogEntry = z.object({
  product: Product.omit({ status: true }),
  terms: z.record(z.string(), SkuTermsShape),
  /** When its content or one of its prices changed last. */
  modifiedAt: Timestamp.optional(),
});
export type CatalogEntry = z.infer<typeof CatalogEntry>;

/** The whole catalog at one moment. */
export const CatalogCopy = z.object({
  /** When it was read from Postgres, epoch ms. */
  readAt: z.int(),
  /** Rises with every change in Postgres (migrations, `catalog_version`). */
  version: z.int().nonnegative(),
  entries: z.array(CatalogEntry),
});
export type CatalogCopy = z.infer<typeof CatalogCopy>;

/** Parts of the keys under which copies are kept: raise it with every change of the shape above. */
export const COPY_FORMAT = 2;

/** Answers the copy a cache gave back, or null where it is not one (or one of another version). */
export function parseCopy(text: string): CatalogCopy | null {
  try {
    return CatalogCopy.parse(JSON.parse(text));
  } catch {
    // A cache holds copies only; one that cannot be read is the same as none.
    return null;
  }
}
