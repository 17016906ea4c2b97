/**
 * The doors of accounts: which of the library's endpoints the store opens, what each takes, and how often it may be tried.
 * What is not listed here does not exist.
 */
import type { AttemptKind } from "../../adapters/accounts/attempt-limits.ts";
import type { ChallengeAction } from "../../domain/challenge.ts";
import type { SchemaName } from "../openapi/schemas.ts";

export const ACCOUNTS_PATH = "/api/auth";

export interface Door {
  /** Its operation in the API document, and what it does in a sentence. */
  readonly name: string;
  readonly summary: string;
  readonly method: "GET" | "POST";
  /** Below `/api/auth`. */
  readonly path: string;
  /** Null: it tries nothing, and must answer without Redis too. */
  readonly attempt: AttemptKind | null;
  /** Only for persons, and what their proof is for. The proof comes in the body, as `turnstileToken`. */
  readonly challenge?: ChallengeAction;
  /** The shape of its body; none takes a body without saying so. */
  readonly body?: SchemaName;
  /** What the store adds to the body: "never" for the client to say. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** Only for somebody signed in. */
  readonly signedIn?: true;
  /** Its body bears the token of an e-mail's link about an address: tries are counted for the account it is about. */
  readonly byMailLink?: true;
  /** Its answer comes no sooner (ms): what is done for an address that has an account must not show in the time. */
  readonly notBeforeMs?: number;
}

/** Where one is after signing in with Google or Apple. */
const SIGNED_IN = { callbackURL: "/account" } as const;

/** Many times what the work takes: a row that is written for one address and not for another. */
const EVEN_ANSWER_MS = 300;
/** The same where a password is hashed, which alone takes about half of it: a new account has two rows more to write than a known one. */
const EVEN_HASHED_ANSWER_MS = 400;

export const DOORS: readonly Door[] = [
  {
    name: "signUp",
    summary:
      "Makes an account, whose address is then confirmed by a link. Answers the same for an address that has one.",
    method: "POST",
    path: "/sign-up/email",
    attempt: "creation",
    challenge: "sign_up",
    body: "SignUpBody",
    notBeforeMs: EVEN_HASHED_ANSWER_MS,
  },
  {
    name: "signIn",
    summary: "Signs in with e-mail and password.",
    method: "POST",
    path: "/sign-in/email",
    attempt: "guess",
    body: "SignInBody",
    notBeforeMs: EVEN_HASHED_ANSWER_MS,
  },
  {
    name: "signOut",
    summary: "Ends this session.",
    method: "POST",
    path: "/sign-out",
    attempt: "ordinary",
    body: "NoBody",
  },
  {
    name: "getSession",
    summary: "Who is signed in, or null.",
    method: "GET",
    path: "/get-session",
    attempt: null,
  },
  {
    name: "sendVerificationEmail",
    summary: "Sends the link that confirms an address again.",
    method: "POST",
    path: "/send-verification-email",
    attempt: "mail",
    body: "AccountEmailBody",
  },
  {
    name: "verifyEmail",
    summary:
      "Verifies an address by the token of the e-mail's link, and signs in. Wants the password of the sign-up, or a new one in its place; every other way in that was set before is gone.",
    method: "POST",
    path: "/verify-email",
    attempt: "guess",
    body: "VerifyEmailBody",
    byMailLink: true,
  },
  {
    name: "requestPasswordReset",
    summary: "Sends a link to choose a new password, where the address has an account.",
    method: "POST",
    path: "/request-password-reset",
    attempt: "mail",
    body: "AccountEmailBody",
    notBeforeMs: EVEN_ANSWER_MS,
  },
  {
    name: "resetPassword",
    summary:
      "Sets a new password by the token of that link, verifies the address and signs out everywhere. Passkeys, Google and Apple have to be added again.",
    method: "POST",
    path: "/reset-password",
    attempt: "guess",
    body: "ResetPasswordBody",
  },
  {
    name: "changePassword",
    summary: "Sets a new password by the present one, and signs out everywhere else.",
    method: "POST",
    path: "/change-password",
    attempt: "guess",
    body: "ChangePasswordBody",
    fixed: { revokeOtherSessions: true },
    signedIn: true,
  },
  {
    name: "changeEmail",
    summary: "Changes the address, once the present one has agreed and the new one was confirmed.",
    method: "POST",
    path: "/change-email",
    attempt: "mail",
    body: "ChangeEmailBody",
    signedIn: true,
  },
  {
    name: "confirmEmailChange",
    summary:
      "By the token of the first link the present address agrees, and a second link goes to the new one. By that one's the address changes, with the account's password or in a browser that signed in within the last hour.",
    method: "POST",
    path: "/confirm-email-change",
    attempt: "guess",
    body: "ConfirmEmailChangeBody",
    byMailLink: true,
  },
  {
    name: "listSessions",
    summary: "Where this account is signed in.",
    method: "GET",
    path: "/list-sessions",
    attempt: "ordinary",
    signedIn: true,
  },
  {
    name: "revokeSession",
    summary: "Ends one session.",
    method: "POST",
    path: "/revoke-session",
    attempt: "ordinary",
    body: "RevokeSessionBody",
    signedIn: true,
  },
  {
    name: "revokeOtherSessions",
    summary: "Ends every session but this one.",
    method: "POST",
    path: "/revoke-other-sessions",
    attempt: "ordinary",
    body: "NoBody",
    signedIn: true,
  },
  {
    name: "revokeSessions",
    summary: "Ends every session.",
    method: "POST",
    path: "/revoke-sessions",
    attempt: "ordinary",
    body: "NoBody",
    signedIn: true,
  },
  {
    name: "passkeyRegistrationOptions",
    summary: "What a browser needs to make a passkey.",
    method: "GET",
    path: "/passkey/generate-register-options",
    attempt: "ordinary",
    signedIn: true,
  },
  {
    name: "registerPasskey",
    summary: "Keeps a passkey that a browser made.",
    method: "POST",
    path: "/passkey/verify-registration",
    attempt: "ordinary",
    body: "PasskeyRegistrationBody",
    signedIn: true,
  },
  {
    name: "passkeySignInOptions",
    summary: "What a browser needs to sign in with a passkey.",
    method: "GET",
    path: "/passkey/generate-authenticate-options",
    // Guesses nothing: the page of signing in asks for them before anybody tries.
    attempt: "ordinary",
  },
  {
    name: "signInWithPasskey",
    summary: "Signs in with a passkey.",
    method: "POST",
    path: "/passkey/verify-authentication",
    attempt: "guess",
    body: "PasskeyAuthenticationBody",
  },
  {
    name: "listPasskeys",
    summary: "The passkeys of this account.",
    method: "GET",
    path: "/passkey/list-user-passkeys",
    attempt: "ordinary",
    signedIn: true,
  },
  {
    name: "deletePasskey",
    summary: "Removes a passkey.",
    method: "POST",
    path: "/passkey/delete-passkey",
    attempt: "ordinary",
    body: "PasskeyBody",
    signedIn: true,
  },
  {
    name: "signInWithProvider",
    summary: "Where to go to sign in with Google or Apple, where the store offers it.",
    method: "POST",
    path: "/sign-in/social",
    // Guesses nothing, and a right answer proves nothing: it says where to go.
    attempt: "ordinary",
    body: "SocialSignInBody",
    fixed: SIGNED_IN,
  },
  {
    name: "googleCallback",
    summary: "Where Google sends the browser back to.",
    method: "GET",
    path: "/callback/google",
    attempt: "guess",
  },
  {
    name: "appleCallback",
    summary: "Where Apple sends the browser back to.",
    method: "POST",
    path: "/callback/apple",
    attempt: "guess",
  },
  {
    name: "appleReturn",
    summary:
      "Apple's answer again, as the GET that the callback turns it into: with it come the browser's cookies.",
    method: "GET",
    path: "/callback/apple",
    attempt: "guess",
  },
];

/** @throws RangeError for a name that no door has: a fault of ours */
export function doorNamed(name: string): Door {
  const door = DOORS.find((candidate) => candidate.name === name);
  if (door === undefined) throw new RangeError(`there is no door "${name}"`);
  return door;
}
