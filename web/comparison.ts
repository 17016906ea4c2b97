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
    values: columns.map((column) => {
      const value = column.get(label);
      return value === undefined ? null : unitsKept(value);
    }),
  }));
}

/** A number and its unit stay on one line: columns are narrow, and neither means anything alone. */
const NUMBER_BEFORE_UNIT = /(\d) (?=(?:GB|TB|mm|cm|m|g|kg|Hz|mAh|W)\b)/g;

function unitsKept(value: string): string {
  return value.replace(NUMBER_BEFORE_UNIT, "$1\u00a0");
}

function optionsOf({ options }: Product): Fact[] {
  return options
    .filter(({ values }) => values.every(({ swatch }) => swatch === undefined))
    .map(({ label, values }) => ({ label, value: values.map((value) => value.label).join(", ") }));
}
