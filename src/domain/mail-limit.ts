/** How many e-mails of one kind a mailbox gets: the store must not be a way to flood one that belongs to a stranger. Pure. */

/** Three of a kind in a quarter of an hour: enough for a person who looks in the wrong folder first. */
export const MAILS_PER_PERIOD = 3;
export const MAIL_PERIOD_SECONDS = 15 * 60;

/**
 * Addresses that end in one mailbox count together: `ada+1@example.com` is `ada@example.com` (RFC 5233). For counting only; an
 * e-mail goes to the address it was meant for.
 *
 * @param email normalized
 */
export function mailboxOf(email: string): string {
  const at = email.lastIndexOf("@");
  const plus = email.indexOf("+");
  return plus > 0 && plus < at ? email.slice(0, plus) + email.slice(at) : email;
}
