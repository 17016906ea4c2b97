/** Who may see and change an order: who bears its token, whose browser placed it, and whose account it is in. */
import { isOrderId } from "../adapters/signing/index.ts";
import { isOrderOfAccount } from "../adapters/postgres/order-history.ts";
import { orderOwner } from "./accounts/order-owner.ts";
import { signedInOf } from "./accounts/session.ts";
import type { AppContext } from "./app-env.ts";
import { servicesOf } from "./compose.ts";
import { bearerToken, bearsOrderToken } from "./cookies.ts";

/**
 * Whether the request may see and change the order. A token or the guest cookie decides without asking anybody; a stranger's
 * request, or an invented id, touches no object. Who is signed in has the orders placed in the account, which the order itself
 * knows; only for those that the account claimed later is Postgres asked, and where it is away they are not shown.
 */
export async function mayUseOrder(c: AppContext, orderId: string): Promise<boolean> {
  const { database, signing, telemetry } = servicesOf(c.env);
  if (bearsOrderToken(c, signing, orderId)) return true;
  // Who names a token means it, whoever else they are.
  if (bearerToken(c) !== null || !isOrderId(signing, orderId)) return false;
  const signedIn = await signedInOf(c);
  if (signedIn === null) return false;
  if (await servicesOf(c.env).orders.of(orderId).isOf(signedIn.userId)) return true;
  try {
    return await isOrderOfAccount(database, orderId, orderOwner(signedIn));
  } catch (fault) {
    telemetry.fault("order.owner_unknown", fault, { requestId: c.get("requestId") });
    return false;
  }
}
