/**
 * The doors of accounts: which of the library's endpoints the store opens, what each takes, and how often it may be tried.
 * What is not listed here does not exist.
 */
import type { z } from "zod";
import type { AttemptKind } from "../../adapters/accounts/attempt-limits.ts";
import {
  AccountEmailBody,
  ChangeEmailBody,
  ChangePasswordBody,
  NoBody,
  PasskeyAuthenticationBody,
  PasskeyBody,
  PasskeyRegistrationBody,
  ResetPasswordBody,
  RevokeSessionBody,
  SignInBody,
  SignUpBody,
  SocialSignInBody,
} from "../../contracts/accounts.ts";

export interface Door {
  readonly method: "GET" | "POST";
  /** Below `/api/auth`. */
  readonly path: string;
  /** Null: it tries nothing, and must answer without Redis too. */
  readonly attempt: AttemptKind | null;
  /** The shape of its body; none takes a body without saying so. */
  readonly body?: z.ZodType<Record<string, unknown>>;
  /** What the store adds to the body: never for the client to say. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** Only for somebody signed in. */
  readonly signedIn?: true;
}

/** Where links in e-mails end. */
const VERIFIED = { callbackURL: "/account?verified=1" } as const;

export const DOORS: readonly Door[] = [
  { method: "POST", path: "/sign-up/email", attempt: "creation", body: SignUpBody, fixed: VERIFIED },
  { method: "POST", path: "/sign-in/email", attempt: "guess", body: SignInBody },
  { method: "POST", path: "/sign-out", attempt: "ordinary", body: NoBody },
  { method: "GET", path: "/get-session", attempt: null },
  {
    method: "POST",
    path: "/send-verification-email",
    attempt: "mail",
    body: AccountEmailBody,
    fixed: VERIFIED,
  },
  { method: "GET", path: "/verify-email", attempt: "guess" },
  { method: "POST", path: "/request-password-reset", attempt: "mail", body: AccountEmailBody },
  { method: "POST", path: "/reset-password", attempt: "guess", body: ResetPasswordBody },
  {
    method: "POST",
    path: "/change-password",
    attempt: "guess",
    body: ChangePasswordBody,
    fixed: { revokeOtherSessions: true },
    signedIn: true,
  },
  {
    method: "POST",
    path: "/change-email",
    attempt: "mail",
    body: ChangeEmailBody,
    fixed: VERIFIED,
    signedIn: true,
  },
  { method: "GET", path: "/list-sessions", attempt: "ordinary", signedIn: true },
  { method: "POST", path: "/revoke-session", attempt: "ordinary", body: RevokeSessionBody, signedIn: true },
  { method: "POST", path: "/revoke-other-sessions", attempt: "ordinary", body: NoBody, signedIn: true },
  { method: "POST", path: "/revoke-sessions", attempt: "ordinary", body: NoBody, signedIn: true },
  { method: "GET", path: "/passkey/generate-register-options", attempt: "ordinary", signedIn: true },
  {
    method: "POST",
    path: "/passkey/verify-registration",
    attempt: "ordinary",
    body: PasskeyRegistrationBody,
    signedIn: true,
  },
  { method: "GET", path: "/passkey/generate-authenticate-options", attempt: "guess" },
  {
    method: "POST",
    path: "/passkey/verify-authentication",
    attempt: "guess",
    body: PasskeyAuthenticationBody,
  },
  { method: "GET", path: "/passkey/list-user-passkeys", attempt: "ordinary", signedIn: true },
  { method: "POST", path: "/passkey/delete-passkey", attempt: "ordinary", body: PasskeyBody, signedIn: true },
  { method: "POST", path: "/sign-in/social", attempt: "guess", body: SocialSignInBody, fixed: VERIFIED },
  { method: "GET", path: "/callback/google", attempt: "guess" },
  { method: "POST", path: "/callback/apple", attempt: "guess" },
];
