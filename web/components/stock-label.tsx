/** What is known about a SKU's stock, in words with a dot; the browser keeps it fresh by its `data-stock-sku`. */
import type { AvailabilityStatus } from "../../src/domain/availability.ts";
import { availabilityLabel } from "../availability-label.ts";

export interface StockLabelProps {
  /** Left out on a product as a whole, which is not followed live. */
  readonly sku?: string;
  readonly status: AvailabilityStatus;
  /** Units left where known. */
  readonly available: number | null;
}

export function StockLabel({ sku, status, available }: StockLabelProps) {
  return (
    <span class="stock" data-status={status} data-stock-sku={sku}>
      <span class="stock-dot" aria-hidden="true"></span>
      <span data-stock-text>{availabilityLabel(status, available)}</span>
    </span>
  );
}
