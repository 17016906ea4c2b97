/** The one shape of e-mail addresses in bodies and forms, and what is said of those that are none. */
import { z } from "zod";
import {
  emailFault,
  mailableEmail,
  MAX_EMAIL_LENGTH,
  normaliseEmail,
  type EmailFault,
} from "../domain/email-address.ts";

const MESSAGES: Readonly<Record<EmailFault, string>> = {
  malformed: "must be an email address",
  local_part: "must have only ASCII characters before the @",
  too_long: `must have at most ${MAX_EMAIL_LENGTH} characters`,
};

/** As mail is sent to it: a domain in letters of other scripts becomes A-labels. */
export const EmailAddress = emailBy(mailableEmail);

/** In its normal form, by which an account is known. */
export const AccountEmail = emailBy(normaliseEmail);

function emailBy(written: (typed: string) => string) {
  return z
    .string()
    .overwrite(written)
    .superRefine((email, context) => {
      const fault = emailFault(email);
      if (fault !== null) context.addIssue({ code: "custom", message: MESSAGES[fault] });
    })
    .meta({ format: "email", maxLength: MAX_EMAIL_LENGTH });
}
