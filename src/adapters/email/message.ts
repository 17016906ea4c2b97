/** An e-mail message and its sending through a `send_email` binding. */
import { isRefusedForGood } from "./refusal.ts";

export interface EmailContent {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Beside the usual ones, e.g. the way out of a mailing. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface EmailAddress {
  readonly name: string;
  readonly email: string;
}

/** What is used of the binding: its structured form, which composes the MIME message itself. */
export type SendMessage = (message: {
  to: string;
  from: EmailAddress;
  subject: string;
  html: string;
  text: string;
  headers?: Record<string, string>;
}) => Promise<unknown>;

/** `Name <address>`, or an address alone. */
const MAILBOX = /^\s*(?:"?([^"<>]*?)"?\s*<([^<>\s]+@[^<>\s]+)>|([^<>\s]+@[^<>\s]+))\s*$/;

/** @throws Error when the configured sender is not a mailbox */
export function parseMailbox(mailbox: string): EmailAddress {
  const [, name = "", bracketed, bare = ""] = MAILBOX.exec(mailbox) ?? [];
  const email = bracketed ?? bare;
  if (email === "") throw new Error("the sender must be `Name <address>` or an address");
  return { name: name === "" ? email : name, email };
}

/** `refused`: the mailer will never take this message, however often it is sent. */
export type SendOutcome = "sent" | "refused";

/**
 * Sends one message to one recipient.
 *
 * @param from `Name <address>`
 * @throws what the binding throws where the same message may be taken another time
 */
export async function sendEmail(
  send: SendMessage,
  { from, to, content }: { from: string; to: string; content: EmailContent },
): Promise<SendOutcome> {
  const { subject, html, text, headers } = content;
  const sender = parseMailbox(from);
  try {
    await send({
      to,
      from: sender,
      subject: oneLine(subject),
      html,
      text,
      ...(headers === undefined ? {} : { headers: { ...headers } }),
    });
  } catch (error) {
    if (isRefusedForGood(error)) return "refused";
    throw error;
  }
  return "sent";
}

/** A subject is a header: a line break in it would begin another one. */
function oneLine(subject: string): string {
  return subject.replace(/\s+/g, " ").trim();
}
