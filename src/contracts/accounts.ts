/** HTTP shapes of accounts: what their doors take. Strict, so that nobody gives themselves what is not theirs to give. */
import { z } from "zod";
import { AccountEmail } from "./email-address.ts";
import { singleLine } from "./text.ts";

/** NIST SP 800-63B, 3.1.1.2: length counts, composition rules do not. */
export const MIN_PASSWORD_LENGTH = 10;
export const MAX_PASSWORD_LENGTH = 128;
const MAX_TOKEN_LENGTH = 2048;

const NewPassword = z.string().min(MIN_PASSWORD_LENGTH).max(MAX_PASSWORD_LENGTH);
/** Not judged: a password from before a rule changed must still open its account. */
const KnownPassword = z.string().min(1).max(MAX_PASSWORD_LENGTH);
const Token = z.string().min(1).max(MAX_TOKEN_LENGTH);
export const PersonName = singleLine({ max: 200 });

export const SignUpBody = z.strictObject({
  name: PersonName,
  email: AccountEmail,
  password: NewPassword,
  turnstileToken: z.string().max(2048).optional(),
});
export const SignInBody = z.strictObject({
  email: AccountEmail,
  password: KnownPassword,
  /** False: the session ends with the browser. */
  rememberMe: z.boolean().optional(),
});
/** A link proves the address; the password of the sign-up stays where it is known, else another takes its place. */
export const VerifyEmailBody = z
  .strictObject({ token: Token, password: KnownPassword.optional(), newPassword: NewPassword.optional() })
  .refine(({ password, newPassword }) => (password === undefined) !== (newPassword === undefined), {
    path: ["password"],
    message: "send either the account's password or a new one",
  });
/** Without a password it is for a browser that signed in within the last hour. */
export const ConfirmEmailChangeBody = z.strictObject({ token: Token, password: KnownPassword.optional() });
/** Where only an address is needed: a link is sent to it, where it has an account. */
export const AccountEmailBody = z.strictObject({ email: AccountEmail });
export const ResetPasswordBody = z.strictObject({ token: Token, newPassword: NewPassword });
export const ChangePasswordBody = z.strictObject({
  currentPassword: KnownPassword,
  newPassword: NewPassword,
});
export const ChangeEmailBody = z.strictObject({ newEmail: AccountEmail });
/** A session as the list names it. */
export const RevokeSessionBody = z.strictObject({ token: Token });
export const NoBody = z.strictObject({});

/** What browsers answer a WebAuthn ceremony with; its parts are judged by the library, here only its size is. */
const Credential = z.looseObject({ id: z.string().max(1024), type: z.literal("public-key") });
export const PasskeyRegistrationBody = z.strictObject({
  response: Credential,
  name: singleLine({ max: 100 }).optional(),
});
export const PasskeyAuthenticationBody = z.strictObject({ response: Credential });
export const PasskeyBody = z.strictObject({ id: z.string().min(1).max(100) });

export const SOCIAL_PROVIDERS = ["google", "apple"] as const;
export type SocialProvider = (typeof SOCIAL_PROVIDERS)[number];
export const SocialSignInBody = z.strictObject({ provider: z.enum(SOCIAL_PROVIDERS) });
