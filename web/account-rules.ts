/** The fields of the account's forms: what each is called, and what is said of one that cannot be taken. Pure. */
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "../src/contracts/accounts.ts";
import { MAX_EMAIL_LENGTH } from "../src/domain/email-address.ts";
import { readableText } from "../src/domain/plain-text.ts";
import { emailAdvice } from "./email-words.ts";

export const ACCOUNT_FIELDS = [
  "name",
  "email",
  "newEmail",
  "currentPassword",
  "password",
  "newPassword",
] as const;
export type AccountField = (typeof ACCOUNT_FIELDS)[number];

/** What is wrong with each field, in the order of the form; empty where nothing is. */
export type FieldMessages = ReadonlyMap<AccountField, string>;
export const NO_MESSAGES: FieldMessages = new Map();

/** In UTF-16 units, as `maxlength` counts. */
export const ACCOUNT_FIELD_LENGTHS: Readonly<Record<AccountField, number>> = {
  name: 200,
  email: MAX_EMAIL_LENGTH,
  newEmail: MAX_EMAIL_LENGTH,
  currentPassword: MAX_PASSWORD_LENGTH,
  password: MAX_PASSWORD_LENGTH,
  newPassword: MAX_PASSWORD_LENGTH,
};

export const ACCOUNT_LABELS: Readonly<Record<AccountField, string>> = {
  name: "Your name",
  email: "E-mail",
  newEmail: "New e-mail",
  currentPassword: "Present password",
  password: "Password",
  newPassword: "New password",
};

export const NEW_PASSWORD_HINT = `At least ${String(MIN_PASSWORD_LENGTH)} characters. A few words you remember are better than one odd one.`;

/**
 * Advice about a field that the contract refused.
 *
 * @param isNew the password is being chosen, rather than known
 */
export function adviceFor(field: AccountField, value: string, isNew: boolean): string {
  if (value.trim().length > ACCOUNT_FIELD_LENGTHS[field])
    return `This is too long: ${String(ACCOUNT_FIELD_LENGTHS[field])} characters at most.`;
  switch (field) {
    case "name":
      return readableText(value) === "" ? "Enter your name." : "Some of these characters cannot be shown.";
    case "email":
    case "newEmail":
      return emailAdvice(value);
    case "currentPassword":
      return "Enter your present password.";
    case "password":
    case "newPassword":
      return isNew
        ? `Choose a password of at least ${String(MIN_PASSWORD_LENGTH)} characters.`
        : "Enter your password.";
  }
}
