/** What a page says about a SKU's stock, and what its button does: one table for server and browser. Pure. */
import type { AvailabilityStatus } from "../src/domain/availability.ts";

/** The words beside a price. Exact numbers only where few are left: elsewhere they would age before they are read. */
export function availabilityLabel(status: AvailabilityStatus, available: number | null): string {
  switch (status) {
    case "in_stock":
      return "In stock";
    case "low_stock":
      return available !== null && available > 0 ? `Only ${available} left` : "Only a few left";
    case "sold_out":
      return "Sold out";
    case "coming_soon":
      return "Coming soon";
  }
}

/** The words on a choice of options: only what might change the choice. */
export function choiceNote(status: AvailabilityStatus, available: number | null): string {
  return status === "sold_out" || status === "low_stock" ? availabilityLabel(status, available) : "";
}

export function canBeBought(status: AvailabilityStatus): boolean {
  return status === "in_stock" || status === "low_stock";
}

/** The words on the button that adds a SKU to the cart. */
export function buyLabel(status: AvailabilityStatus): string {
  if (status === "sold_out") return "Sold out";
  if (status === "coming_soon") return "Not on sale yet";
  return "Add to cart";
}
