/** In what order a facet's values stand, and how many of them are told. */
import type { FacetCount } from "./findings.ts";

/** Values of one facet in an answer; rarer ones are left out. */
export const MAX_FACET_VALUES = 60;

/** The most frequent first; equals by name, so that the answer is the same each time. */
export function byCount(values: readonly FacetCount[]): FacetCount[] {
  return values
    .toSorted((one, other) => other.count - one.count || (one.label < other.label ? -1 : 1))
    .slice(0, MAX_FACET_VALUES);
}

/** Storage from small to large, by what its label says: "512 GB" before "1 TB". */
export function bySize(values: readonly FacetCount[]): FacetCount[] {
  return byCount(values).sort((one, other) => gigabytes(one.label) - gigabytes(other.label));
}

const GIGABYTES_PER: Readonly<Record<string, number>> = { mb: 0.001, gb: 1, tb: 1000 };

function gigabytes(label: string): number {
  const [, amount = "", unit = ""] = /^([0-9.]+)\s*([a-z]*)/i.exec(label) ?? [];
  return amount === "" ? Infinity : Number(amount) * (GIGABYTES_PER[unit.toLowerCase()] ?? 1);
}
