/**
 * better-auth judges addresses by zod's own pattern, in five of its endpoints and without a setting, after the store's schema has judged
 * them by the rule of browsers. The pattern is one shared object, so it is told to answer by the store's rule.
 */
import { regexes } from "zod";
import { emailFault } from "../../domain/email-address.ts";

/** Idempotent; to be called before the library is asked. */
export function judgeEmailsByOurRule(): void {
  Object.defineProperty(regexes.email, "test", {
    configurable: true,
    value: (email: string) => emailFault(email) === null,
  });
}
