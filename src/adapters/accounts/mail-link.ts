/**
 * The links in e-mails about an address: what each is a right to, read from its signed token. Reading one changes nothing, so a
 * program that opens the links of a mailbox does no harm; what a link is for happens by POST (mailbox-proof.ts).
 */
import { createEmailVerificationToken } from "better-auth/api";
import { verifyJWT } from "better-auth/crypto";
import { z } from "zod";

export const MAIL_LINK_SECONDS = 60 * 60;

export type MailLink =
  /** Proves the address that an account was created with. */
  | { readonly kind: "verify_address"; readonly userId: string; readonly email: string }
  /** The holder of the present address agrees to another. */
  | {
      readonly kind: "agree_to_change";
      readonly userId: string;
      readonly email: string;
      readonly newEmail: string;
    }
  /** Proves the new address. */
  | {
      readonly kind: "change_address";
      readonly userId: string;
      readonly email: string;
      readonly newEmail: string;
    };

/** As the library signs them; it also has a form without `requestType`, which the store never sends. */
const Claims = z.object({
  email: z.string(),
  userId: z.string(),
  updateTo: z.string().optional(),
  requestType: z.string().optional(),
});
const CHANGES: Readonly<Record<string, "agree_to_change" | "change_address">> = {
  "change-email-confirmation": "agree_to_change",
  "change-email-verification": "change_address",
};

/** @returns null for what the store did not sign, and for a link that is too old */
export async function readMailLink(secret: string, token: string): Promise<MailLink | null> {
  const claims = Claims.safeParse(await verifyJWT(token, secret));
  if (!claims.success) return null;
  const { email, userId, updateTo: newEmail, requestType } = claims.data;
  if (newEmail === undefined) return { kind: "verify_address", userId, email };
  const kind = CHANGES[requestType ?? ""];
  return kind === undefined ? null : { kind, userId, email, newEmail };
}

/** The token of the second link of a change: it goes to the new address, once the present one has agreed. */
export function changeAddressToken(
  secret: string,
  { userId, email, newEmail }: { userId: string; email: string; newEmail: string },
): Promise<string> {
  const extra = { userId, requestType: "change-email-verification" };
  return createEmailVerificationToken(secret, email, newEmail, MAIL_LINK_SECONDS, extra);
}
