/**
 * What accounts are signed with: the secret of the accounts library, the name by which attempts on an account are counted, and the
 * mark of a browser that was signed in to it.
 */
import { normaliseEmail } from "../../domain/email-address.ts";
import { mailboxOf } from "../../domain/mail-limit.ts";
import { toBase32 } from "./base32.ts";
import { lastingKey, sameText, sign, type SigningKeys } from "./signing-keys.ts";

const ACCOUNT_BYTES = 16;
const MARK_BYTES = 20;

/** The secret under which sessions, their copies and links in e-mails are signed: a rotation of keys signs nobody out. */
export function accountsSecret(keys: SigningKeys): string {
  return sign(lastingKey(keys), "accounts").toString("base64url");
}

/** An account's name in counters: says nothing about the person. */
export function accountKeyFor(keys: SigningKeys, email: string): string {
  return toBase32(sign(lastingKey(keys), "account-attempts", normaliseEmail(email)), ACCOUNT_BYTES);
}

/** A mailbox's name in counters of e-mails: says nothing about the person. */
export function mailboxKeyFor(keys: SigningKeys, email: string): string {
  return toBase32(sign(lastingKey(keys), "mailbox", mailboxOf(normaliseEmail(email))), ACCOUNT_BYTES);
}

/** What a browser keeps after a sign-in, so that others' wrong guesses do not lock its owner out. */
export function knownBrowserMark(keys: SigningKeys, accountKey: string): string {
  return toBase32(sign(lastingKey(keys), "known-browser", accountKey), MARK_BYTES);
}

export function isKnownBrowser(keys: SigningKeys, mark: string, accountKey: string): boolean {
  return sameText(knownBrowserMark(keys, accountKey), mark);
}
