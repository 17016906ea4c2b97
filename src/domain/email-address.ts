/**
 * E-mail addresses: which ones the store takes, and the normal form by which an order id and a guest buyer are known. Pure: `URL` is
 * the platform's own conversion of domains, the same in the Worker, in browsers and in Node.
 */

import { readableText } from "./plain-text.ts";

/** In UTF-16 units, which are bytes here. RFC 5321 has room for no longer path. */
export const MAX_EMAIL_LENGTH = 254;

/** Both as `<input type="email">` judges them: https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address */
const LOCAL_PART = /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+$/;
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, "i");

const ASCII_ONLY = /^\p{ASCII}*$/u;
/** Of ASCII only what a domain may have: a URL would read more into the rest. */
const UNICODE_DOMAIN = /^[a-z0-9.\-\P{ASCII}]+$/iu;
const HYPHEN_AT_AN_EDGE = /(?:^|\.)-|-(?:\.|$)/u;
const ONLY_NUMBERS = /^[\d.]+$/;

export type EmailFault =
  /** It is none. */
  | "malformed"
  /** Letters before the @ that mail servers without SMTPUTF8 cannot deliver to, as ours are. */
  | "local_part"
  | "too_long";

/**
 * The address as mail is sent to it: without what nobody sees, its domain in lower case and, where it has letters of other scripts, as A-labels
 * (`xn--…`). What is no address stays as it is.
 */
export function mailableEmail(typed: string): string {
  const email = readableText(typed);
  const at = email.lastIndexOf("@");
  if (at === -1) return email;
  const domain = email.slice(at + 1);
  return email.slice(0, at + 1) + (asciiDomain(domain) ?? domain);
}

/** @param email as `mailableEmail` gives it */
export function emailFault(email: string): EmailFault | null {
  if (email.length > MAX_EMAIL_LENGTH) return "too_long";
  const at = email.lastIndexOf("@");
  const localPart = email.slice(0, at);
  if (at === -1 || !DOMAIN.test(email.slice(at + 1))) return "malformed";
  if (LOCAL_PART.test(localPart)) return null;
  return ASCII_ONLY.test(localPart) ? "malformed" : "local_part";
}

/** Null for what is no domain of other scripts, also because it is one of ASCII that is written wrongly. */
function asciiDomain(domain: string): string | null {
  if (ASCII_ONLY.test(domain)) return domain.toLowerCase();
  const folded = domain.normalize("NFKC").replaceAll("\u3002", ".");
  if (!UNICODE_DOMAIN.test(folded) || HYPHEN_AT_AN_EDGE.test(folded)) return null;
  const host = hostOf(`http://${folded}`);
  return host === null || ONLY_NUMBERS.test(host) ? null : host;
}

/** Without `URL.parse`, which browsers of two years ago lack. */
function hostOf(url: string): string | null {
  try {
    return new URL(url).hostname;
  } catch {
    return null;
  }
}

/** The normal form: as mail is sent to it, in lower case, NFC. Of text that is no address too, as ops search by parts of one. */
export function normaliseEmail(email: string): string {
  return mailableEmail(email).normalize("NFC").toLowerCase();
}

export interface EmailNormalisation {
  /** Part of every order id. */
  readonly version: number;
  readonly normalise: (email: string) => string;
}

/** Every rule there has been. A new one is put in force by a new order epoch that names it (decisions 19 and 24). */
const EMAIL_NORMALISATIONS: readonly EmailNormalisation[] = [
  { version: 1, normalise: (email) => email.trim().normalize("NFC").toLowerCase() },
  { version: 2, normalise: normaliseEmail },
];

/** @throws RangeError for a version there never was */
export function normalisationOf(version: number): EmailNormalisation {
  const found = EMAIL_NORMALISATIONS.find((each) => each.version === version);
  if (found === undefined) throw new RangeError(`no normalisation ${version} of email addresses`);
  return found;
}
