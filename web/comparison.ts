/** Products beside one another: which facts there are, and what each product says about them. Pure. */
import type { Product } from "../src/contracts/catalog.ts";

export interface ComparedRow {
  readonly label: string;
  /** One per product, in order; null where the product says nothing about it. */
  readonly values: readonly (string | null)[];
}

/** Options without colours (those are shown as swatches), then details; in the order of the first product that has them. */
export function comparedRows(products: readonly Product[]): ComparedRow[] {
  return [...rowsOf(products, optionsOf), ...rowsOf(products, ({ details = [] }) => details)];
}

interface Fact {
  readonly label: string;
  readonly value: string;
}

function rowsOf(products: readonly Product[], factsOf: (product: Product) => readonly Fact[]): ComparedRow[] {
  const columns = products.map(
    (product) => new Map(factsOf(product).map(({ label, value }) => [label, value])),
  );
  const labels = new Set(columns.flatMap((column) => [...column.keys()]));
  return [...labels].map((label) => ({
    label,
    values: columns.map((column) => column.get(label) ?? null),
  }));
}

function optionsOf({ options }: Product): Fact[] {
  return options
    .filter(({ values }) => values.every(({ swatch }) => swatch === undefined))
    .map(({ label, values }) => ({ label, value: values.map((value) => value.label).join(", ") }));
}
