/** The status of a product from those of its SKUs: the best of them speaks for it. */
import type { AvailabilityStatus } from "../availability.ts";

const BEST_FIRST: readonly AvailabilityStatus[] = ["in_stock", "low_stock", "coming_soon", "sold_out"];

export function availabilityOfBest(statuses: readonly AvailabilityStatus[]): AvailabilityStatus {
  return BEST_FIRST.find((candidate) => statuses.includes(candidate)) ?? "sold_out";
}

export function canBeHad(status: AvailabilityStatus): boolean {
  return status === "in_stock" || status === "low_stock";
}
