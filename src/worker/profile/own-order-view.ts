/** An order of one's own, as the history shows it. */
import type { HistoryOrder } from "../../adapters/postgres/order-history.ts";
import type { OwnOrder } from "../../contracts/profile.ts";
import { orderNumber } from "../../domain/order/number.ts";

export function ownOrderView({
  orderId,
  status,
  openedAt,
  totalMinor,
  currency,
  lines,
}: HistoryOrder): OwnOrder {
  return {
    orderId,
    number: orderNumber(orderId),
    status,
    placedAt: openedAt.toISOString(),
    total: { amount: totalMinor, currency },
    lines: lines.map(({ sku, name, quantity, unitAmountMinor }) => ({
      sku,
      name,
      quantity,
      unitPrice: { amount: unitAmountMinor, currency },
    })),
  };
}
