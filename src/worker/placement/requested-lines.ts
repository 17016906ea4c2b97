/** The lines of a request, known to the catalog: no stranger's name ever reaches an object. */
import type { Catalog } from "../../adapters/catalog/catalog.ts";
import type { SkuTerms } from "../../adapters/catalog/content.ts";
import type { PlaceOrderBody } from "../../contracts/orders.ts";
import type { PlacementRefusal } from "./refusal.ts";

export interface RequestedLine {
  readonly sku: string;
  readonly quantity: number;
  readonly name: string;
  readonly terms: SkuTerms;
}

/** @throws CatalogUnavailable when no copy of the catalog can be had */
export async function requestedLines(
  catalog: Pick<Catalog, "sku">,
  body: PlaceOrderBody,
): Promise<RequestedLine[] | PlacementRefusal> {
  const known: RequestedLine[] = [];
  const errors = [];
  for (const [index, { sku, quantity }] of body.lines.entries()) {
    const entry = await catalog.sku(sku);
    if (entry === null) errors.push({ path: `lines.${index}.sku`, message: "is not a SKU of this store" });
    else known.push({ sku, quantity, name: entry.sku.name, terms: entry.terms });
  }
  const currencies = new Set(known.map((line) => line.terms.currency));
  if (currencies.size > 1) errors.push({ path: "lines", message: "must be of one currency" });
  if (errors.length === 0) return known;
  return { ok: false, code: "validation_failed", detail: "Some lines cannot be ordered.", errors };
}
