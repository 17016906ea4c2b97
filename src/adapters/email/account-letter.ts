/** The e-mails about an account: a link to prove an address, to choose a new password, to confirm a new address. */
import { buttonRow, closingRow, emailPage, headingRow, paragraph } from "./email-page.ts";
import { html } from "./html-text.ts";
import type { EmailContent } from "./message.ts";

export const ACCOUNT_LETTER_KINDS = [
  "verify_email",
  "reset_password",
  "confirm_new_email",
  "already_registered",
] as const;
export type AccountLetterKind = (typeof ACCOUNT_LETTER_KINDS)[number];

interface Words {
  readonly subject: string;
  readonly preheader: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  readonly button: string;
  readonly closing: string;
}

const ONE_HOUR = "The link works once, within an hour.";
const NOT_YOU = "If this was not you, there is nothing to do: without the link nothing changes.";

const LETTERS: Readonly<Record<AccountLetterKind, Words>> = {
  verify_email: {
    subject: "Confirm your e-mail address",
    preheader: "One click, and it is confirmed.",
    heading: "Is this your address?",
    paragraphs: ["This e-mail address was given for a Holdfast account. Confirm that it is yours.", ONE_HOUR],
    button: "Confirm my address",
    closing: NOT_YOU,
  },
  reset_password: {
    subject: "Choose a new password",
    preheader: "You asked for a link to choose a new password.",
    heading: "A new password.",
    paragraphs: [
      "Choose a new password for your Holdfast account. This signs out every device and removes your passkeys.",
      ONE_HOUR,
    ],
    button: "Choose a new password",
    closing: NOT_YOU,
  },
  confirm_new_email: {
    subject: "Confirm your new e-mail address",
    preheader: "Somebody signed in to your account wants to change its address.",
    heading: "Change your address?",
    paragraphs: ["You asked to change the e-mail address of your Holdfast account.", ONE_HOUR],
    button: "Yes, change it",
    closing: "If this was not you, choose a new password now: somebody is signed in to your account.",
  },
  already_registered: {
    subject: "You have an account already",
    preheader: "Somebody tried to make one with your address.",
    heading: "You have one already.",
    paragraphs: [
      "Somebody, probably you, tried to make a Holdfast account with this e-mail address. There is one already: sign in, or choose a new password if you forgot yours.",
    ],
    button: "Sign in",
    closing: "If this was not you, there is nothing to do: nobody learned that you have an account.",
  },
};

const FOOTER = "You get this message because this address was given at Holdfast.";

/**
 * Renders the letter as HTML and as plain text.
 *
 * @param url where its button leads, with the right it gives
 * @param storeUrl the store's home page
 */
export function renderAccountLetter(kind: AccountLetterKind, url: string, storeUrl: string): EmailContent {
  const { subject, preheader, heading, paragraphs, button, closing } = LETTERS[kind];
  return {
    subject,
    html: emailPage({
      subject,
      preheader,
      storeUrl,
      rows: [headingRow(heading, ...paragraphs.map(paragraph)), buttonRow(url, button), closingRow(closing)],
      footer: html`${FOOTER}`,
    }),
    text: `${[heading, ...paragraphs, `${button}: ${url}`, closing, FOOTER].join("\n\n")}\n`,
  };
}
