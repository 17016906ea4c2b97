/** The normal form of an e-mail address, by which an order id and a guest buyer are known. */

/** Version of the normalisation below; it is part of every order id. Raise it when the rule changes. */
export const EMAIL_NORMALISATION_VERSION = 1;

/** Trimmed, lower case, NFC (design §4). */
export function normaliseEmail(email: string): string {
  return email.trim().normalize("NFC").toLowerCase();
}
