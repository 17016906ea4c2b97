/** Under which keys a placement counts against purchase limits (docs/decisions/0013). */
import { accountBuyerKeyFor, guestKeyFor, type SigningKeys } from "../../adapters/signing/index.ts";
import type { Reserve } from "../../domain/inventory/rules.ts";

/** Who is signed in. */
export interface BuyerAccount {
  readonly userId: string;
  /** The account's own, proven address, whatever address the order is for. */
  readonly email: string;
  /** Orders that this browser may see; few, as its cookie is bounded. */
  readonly orders: readonly string[];
}

/**
 * An account by its id, with the guest orders under its own address that it can show to be its own; a guest by the address typed.
 *
 * @param typedEmail the address the order is for
 */
export function buyerOf(
  keys: SigningKeys,
  account: BuyerAccount | null,
  typedEmail: string,
): Pick<Reserve, "buyer" | "account"> {
  if (account === null) return { buyer: guestKeyFor(keys, typedEmail) };
  const { userId, email, orders } = account;
  return {
    buyer: accountBuyerKeyFor(keys, userId),
    account: { guest: guestKeyFor(keys, email), orders },
  };
}
