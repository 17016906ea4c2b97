/** Ordering again: an old order's items go into the cart, as far as they are still sold. */
import type { Reordered } from "../../contracts/profile.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";
import { mayUseOrder } from "../order-rights.ts";
import { problem } from "../middleware/problem.ts";
import { putBack, refuseNewCart } from "../shopper-cart.ts";
import { pathParameter, register, type App } from "./register.ts";

export function registerReorder(app: App): void {
  register(app, "reorder", reorder);
}

async function reorder(c: AppContext): Promise<Response> {
  const orderId = pathParameter(c, "id");
  if (!(await mayUseOrder(c, orderId))) return problem(c, "not_found");
  const record = await servicesOf(c.env).orders.of(orderId).read();
  if (record === null) return problem(c, "not_found");
  const putIn = await putBack(c, record.lines);
  if (!putIn.ok) return refuseNewCart(c);
  c.header("cache-control", "no-store");
  return c.json({ complete: putIn.complete } satisfies Reordered);
}
