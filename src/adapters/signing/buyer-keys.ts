/**
 * By what SKU objects and the ledger know who buys and pays: HMACs of an account's id, of a guest's address, of a payment card. None can
 * be turned back, and none of one kind is ever the same as one of another: a guest who types an account's address is not that account.
 */
import { normaliseEmail } from "../../domain/email-address.ts";
import { toBase32 } from "./base32.ts";
import { lastingKey, sign, type SigningKeys } from "./signing-keys.ts";

const BUYER_BYTES = 16;

/**
 * Made with the oldest key listed, which a rotation does not change: purchase limits hold across it, and two deployments side by side
 * agree. Dropping that key from the list starts the count anew.
 */
function keyOf(keys: SigningKeys, kind: string, ...identity: string[]): string {
  return toBase32(sign(lastingKey(keys), kind, ...identity), BUYER_BYTES);
}

/**
 * A guest. No version of the normalisation is part of it: where a rule writes an address as the one before did, its buyer has had what
 * they had.
 *
 * @param email as given; it is normalised here
 */
export function guestKeyFor(keys: SigningKeys, email: string): string {
  return keyOf(keys, "buyer", normaliseEmail(email));
}

/** Somebody signed in. @param accountId the account's, which outlives a change of its address */
export function accountBuyerKeyFor(keys: SigningKeys, accountId: string): string {
  return keyOf(keys, "buyer-account", accountId);
}

/** @param cardFingerprint as Stripe names a card, the same for the same number */
export function payerKeyFor(keys: SigningKeys, cardFingerprint: string): string {
  return keyOf(keys, "payer", cardFingerprint);
}

/** @param network an address or the prefix of one, as the network limits count it */
export function networkKeyFor(keys: SigningKeys, network: string): string {
  return keyOf(keys, "network", network);
}
