/**
 * The catalog's content as it is read from Postgres and kept in copies: a root that names the newest pages of the index, the
 * index in pages, and each product by itself. Whatever is kept bears the version in which it changed last, so a copy that bears
 * the wanted one is right wherever it comes from.
 */
import * as z from "zod";
import { Product } from "../../contracts/catalog.ts";
import { KeptRates } from "../../contracts/rates.ts";
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

const Revision = z.int().nonnegative();

/** One product with the terms of each of its SKUs. Its status depends on the moment and is not kept. */
export const CatalogProduct = z.object({
  /** The version of the catalog in which it changed last. */
  revision: Revision,
  product: Product.omit({ status: true }),
  terms: z.record(z.string(), SkuTermsShape),
});
export type CatalogProduct = z.infer<typeof CatalogProduct>;

/** What the index knows of a product: enough to list it, to link to it and to tell that it changed. */
export interface IndexEntry {
  readonly slug: string;
  readonly name: string;
  readonly category: string;
  /** Order in lists, ascending; the slug decides among equals. */
  readonly position: number;
  /** The version of the catalog in which anything of it changed last. */
  readonly revision: number;
  /** The version in which its name or its pictures changed last. */
  readonly linkRevision: number;
  /** When its sale opens, epoch ms; null where it is open from the start. */
  readonly opensAt: number | null;
  /** When its content or one of its prices changed last, epoch ms. */
  readonly modifiedAt: number;
  readonly skus: readonly string[];
}

/** An entry as it is written: without the names of its fields, which would be half of the index. */
const IndexRow = z
  .tuple([
    z.string(),
    z.string(),
    z.string(),
    z.int(),
    Revision,
    Revision,
    z.int().nullable(),
    z.int(),
    z.array(z.string()),
  ])
  .transform(
    ([slug, name, category, position, revision, linkRevision, opensAt, modifiedAt, skus]): IndexEntry => ({
      slug,
      name,
      category,
      position,
      revision,
      linkRevision,
      opensAt,
      modifiedAt,
      skus,
    }),
  );

/** A part of the index: the products whose slugs hash to it. */
export const IndexPage = z.object({
  /** The version in which one of its products changed, came or left last. */
  revision: Revision,
  entries: z.array(IndexRow),
});
export type IndexPage = z.infer<typeof IndexPage>;

/** The page as it is kept: what `IndexPage` reads. */
export function writtenPage({ revision, entries }: IndexPage): string {
  const rows = entries.map((entry) => [
    entry.slug,
    entry.name,
    entry.category,
    entry.position,
    entry.revision,
    entry.linkRevision,
    entry.opensAt,
    entry.modifiedAt,
    entry.skus,
  ]);
  return JSON.stringify({ revision, entries: rows });
}

/** The revision of each page by its number; a page without products is not there. */
export const PageRevisions = z.record(z.string(), Revision);
export type PageRevisions = z.infer<typeof PageRevisions>;

/** What tells whether anything is new. */
export const CatalogRoot = z.object({
  /** Rises with every change in Postgres (migrations, `catalog_version`). */
  version: Revision,
  /** When this was last known to be the newest, epoch ms. */
  confirmedAt: z.int(),
  /** When the pages were last written to Redis whether or not they had changed, epoch ms. */
  pagesKeptAt: z.int(),
  pages: PageRevisions,
  /** Shipping and taxes: few rows, so every copy of the root includes them. */
  rates: KeptRates,
});
export type CatalogRoot = z.infer<typeof CatalogRoot>;

/** Part of the keys under which copies are kept: raise it with every change of the shapes above. */
export const COPY_FORMAT = 4;

/** What a cache gave back as this shape, or null where it is none (or one of another version). */
export function parseCopy<T>(shape: z.ZodType<T>, text: string | null): T | null {
  if (text === null) return null;
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    // A cache holds copies only; one that cannot be read is the same as none.
    return null;
  }
}
