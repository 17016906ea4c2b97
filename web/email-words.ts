/** What is said of an email address that cannot be taken: for server and browser. Pure. */
import { emailFault, mailableEmail, MAX_EMAIL_LENGTH } from "../src/domain/email-address.ts";

const NO_ADDRESS = "Enter an email address, like ada@example.com.";

/** What is wrong with an address as it was typed; null where nothing is. */
export function emailProblem(typed: string): string | null {
  switch (emailFault(mailableEmail(typed))) {
    case null:
      return null;
    case "malformed":
      return NO_ADDRESS;
    case "local_part":
      return "We can't send email to this address. Use one with only letters from A to Z before the @.";
    case "too_long":
      return `This is too long: ${MAX_EMAIL_LENGTH} characters at most.`;
  }
}

/** The same for one that was refused. */
export function emailAdvice(typed: string): string {
  return emailProblem(typed) ?? NO_ADDRESS;
}
