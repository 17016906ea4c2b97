/**
 * The way back after an order ended unpaid: its items, what is left of them, and one button that puts them into the cart again.
 * The button stays also where a figure says that nothing is left: figures are a moment old, and this order's own units are
 * just coming back.
 */
import type { OrderView } from "../../src/contracts/orders.ts";
import type { AvailabilityStatus } from "../../src/domain/availability.ts";
import { canBeBought } from "../availability-label.ts";
import { ItemName } from "./item-name.tsx";
import { StockLabel } from "./stock-label.tsx";

/** What is left of an order's SKU; a line is not in the list where nothing is known of it. */
export interface LineLeft {
  readonly sku: string;
  readonly status: AvailabilityStatus;
  readonly available: number;
}

export interface OrderAgainProps {
  readonly order: Pick<OrderView, "orderId" | "lines" | "status" | "timeline">;
  readonly left: readonly LineLeft[];
}

export function OrderAgain({ order, left }: OrderAgainProps) {
  const lines = order.lines.map((line) => ({ ...line, left: left.find(({ sku }) => sku === line.sku) }));
  const gone = lines.filter((line) => line.left !== undefined && !canBeBought(line.left.status));
  const lapsed = order.status === "expired";
  return (
    <section class="panel again" aria-labelledby="again-title">
      <h2 id="again-title" class="panel-title">
        {titleOf(order)}
      </h2>
      <ul class="again-lines">
        {lines.map((line) => (
          <li class="again-line">
            <span>
              {line.quantity > 1 && `${line.quantity} × `}
              <ItemName name={line.name} />
            </span>
            {line.left !== undefined && (
              <StockLabel sku={line.sku} status={line.left.status} available={line.left.available} />
            )}
          </li>
        ))}
      </ul>
      {gone.length > 0 && (
        <p>
          {gone.length === lines.length ? "None are left right now. " : "Not everything is left right now. "}
          Reservations that end unpaid come back on sale, so it is worth another try.
        </p>
      )}
      <div class="again-actions">
        <form method="post" action={`/orders/${encodeURIComponent(order.orderId)}/again`}>
          <button class="button" type="submit">
            {lapsed ? "Reserve them again" : "Order them again"}
          </button>
        </form>
        {gone.length > 0 && (
          <a class="button" data-look="quiet" href="/products">
            See what else there is
          </a>
        )}
      </div>
      <p class="fine">
        Nothing is reserved until you check out again
        <span data-script-note>; what you typed is still there</span>.
      </p>
    </section>
  );
}

function titleOf({ status, timeline }: OrderAgainProps["order"]): string {
  if (status === "expired") return "Your items went back on sale";
  // Cancelled after an authorisation it was not by its shopper (see order-headline.ts).
  const lost = timeline.some((step) => step.status === "authorised");
  return lost ? "You can try again" : "Would you like them after all?";
}
