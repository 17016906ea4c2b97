/** Somebody signed in, as the owner of orders. */
import type { SignedIn } from "../../adapters/accounts/accounts.ts";
import type { OrderOwner } from "../../adapters/postgres/order-history.ts";

/** An address that was not proven gives no right to what was ordered with it. */
export function orderOwner({ userId, email, emailVerified }: SignedIn): OrderOwner {
  return { userId, confirmedEmail: emailVerified ? email : null };
}
