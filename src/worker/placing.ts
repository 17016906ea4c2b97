/** Placement as handlers call it: with the bindings and services of this isolate, and counted. */
import { signedInOf } from "./accounts/session.ts";
import type { AppContext } from "./app-env.ts";
import { servicesOf } from "./compose.ts";
import { ordersBorne } from "./cookies.ts";
import { proofOf } from "./person-check.ts";
import { placeOrder, type PlaceOrderOutcome, type PlaceOrderRequest } from "./placement/place-order.ts";

/**
 * Places an order, in the account that is signed in. Where nobody can say who that is, it is a guest's: selling goes on.
 *
 * @throws what `placeOrder` throws; nothing stays held for longer than a tentative hold
 */
export async function place(
  c: AppContext,
  request: Omit<PlaceOrderRequest, "account">,
): Promise<PlaceOrderOutcome> {
  const { env } = c;
  const signedIn = await signedInOf(c);
  const { catalog, signing, durations, placementLimit, orders, skuObject, telemetry } = servicesOf(env);
  const { buyerLimit, unprovenLimit, unpaidUnitsPerNetwork } = servicesOf(env);
  const account = signedIn === null ? null : { ...signedIn, orders: ordersBorne(c, signing) };
  const token = request.body.turnstileToken;
  const outcome = await placeOrder(
    {
      orders,
      skuObject,
      limit: placementLimit,
      buyerLimit,
      unprovenLimit,
      prove: (claim) => proofOf(c, "place_order", { ...claim, token }),
      catalog,
      keys: signing,
      durations,
      unpaidUnitsPerNetwork,
    },
    { ...request, account },
  );
  telemetry.count("placements", {
    outcome: outcome.ok ? (outcome.replayed ? "replayed" : "placed") : outcome.code,
  });
  return outcome;
}
