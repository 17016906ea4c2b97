/** How many: a plain select, bounded by what one line and one buyer may have. */
import { MAX_LINE_QUANTITY } from "../../src/domain/line-limits.ts";

export interface QuantitySelectProps {
  readonly id: string;
  readonly selected: number;
  readonly limit: number | null;
  /** Named for screen readers where no visible label stands beside it. */
  readonly label?: string;
  /** Id of what is to be known about it, e.g. why this many cannot be had. */
  readonly describedBy?: string;
}

export function QuantitySelect({ id, selected, limit, label, describedBy }: QuantitySelectProps) {
  const most = Math.max(1, Math.min(MAX_LINE_QUANTITY, limit ?? MAX_LINE_QUANTITY));
  const choices = Array.from({ length: most }, (_, index) => index + 1);
  // More than may be had is shown as it is, but cannot be chosen again.
  if (selected > most) choices.push(selected);
  return (
    <select id={id} name="quantity" class="select quantity" aria-label={label} aria-describedby={describedBy}>
      {choices.map((quantity) => (
        <option value={String(quantity)} selected={quantity === selected}>
          {quantity}
        </option>
      ))}
    </select>
  );
}
