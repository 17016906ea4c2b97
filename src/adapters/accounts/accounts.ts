/**
 * Accounts, by `better-auth`: people, passwords, passkeys, sessions. What is ours is said here: where things are stored, what the
 * cookies are called, how long a session lives, and that a person is whoever can read an e-mail's link.
 */
import { passkey } from "@better-auth/passkey";
import { betterAuth } from "better-auth";
import { APIError } from "better-auth/api";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import type { AccountLetterKind } from "../email/account-letter.ts";
import {
  applyMailboxProof,
  endPendingLinks,
  isSessionOnRecord,
  type MailboxProof,
} from "../postgres/mailbox-proof.ts";
import type { PostgresClient } from "../postgres/neon-client.ts";
import { identities, passkeys, sessions, users, verifications } from "../postgres/schema/accounts.ts";
import { normaliseEmail } from "../../domain/email-address.ts";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "../../contracts/accounts.ts";
import { judgeEmailsByOurRule } from "./library-email-rule.ts";
import { MAIL_LINK_SECONDS, readMailLink, type MailLink } from "./mail-link.ts";
import { mailboxProof } from "./mailbox-proof.ts";
import { hashPassword, verifyPassword } from "./password.ts";
import { MAX_TTL_SECONDS, createSessionStore, type SessionRedis } from "./session-store.ts";

/** A session ends after 30 days without a visit; each day's first visit renews it. */
const SESSION_SECONDS = MAX_TTL_SECONDS;
const RENEWAL_SECONDS = 24 * 60 * 60;
/** What changes an account's keys wants a sign-in this recent. */
const FRESH_SECONDS = 60 * 60;
/** The signed copy in the cookie: for so long neither Redis nor Postgres is asked who it is (design, promise 7). */
const COOKIE_COPY_SECONDS = 15 * 60;

/** An e-mail about an account. */
export interface AccountLetter {
  readonly kind: AccountLetterKind;
  readonly to: string;
  /** Where its button leads, with the right it gives. */
  readonly url: string;
}

export interface SocialKeys {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface AccountsOptions {
  /** The primary: what somebody just changed about themselves they must see. */
  readonly database: PostgresClient;
  readonly redis: SessionRedis;
  /** The store's public origin; links in e-mails and passkeys are bound to it. */
  readonly origin: string;
  /** Signs cookies and links. */
  readonly secret: string;
  /** Sends an e-mail. Runs behind the answer, so that an answer's time does not tell whether an account exists. */
  readonly send: (letter: AccountLetter) => Promise<void>;
  /** Google's and Apple's keys, where they are set. */
  readonly social: { readonly google?: SocialKeys; readonly apple?: SocialKeys };
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly report: (error: unknown) => void;
  /** Somebody signed in, however they did, or proved an address: its guest orders become the account's. Never throws. */
  readonly claim: (userId: string) => Promise<void>;
}

export interface SignedIn {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  /** Whether they proved that the address is theirs. */
  readonly emailVerified: boolean;
  readonly sessionId: string;
  /** When this session began, epoch ms. */
  readonly signedInAt: number;
}

export interface SessionAnswered {
  readonly signedIn: SignedIn | null;
  readonly headers: Headers;
}

export type Accounts = ReturnType<typeof createAccounts>;

/** The paths below `/api/auth` are better-auth's own: https://www.better-auth.com/docs */
export function createAccounts(options: AccountsOptions) {
  const { database, redis, origin, secret, send, social, waitUntil, report, claim } = options;
  const letter = async (kind: AccountLetterKind, to: string, url: string): Promise<void> => {
    await send({ kind, to, url });
  };
  /** Where the link of an e-mail leads: to a page that says what it is for. What it is for happens by that page's form. */
  const linkTo = (token: string): string => `${origin}/account/verify?token=${encodeURIComponent(token)}`;
  const sessionStore = createSessionStore(redis, report);
  judgeEmailsByOurRule();
  const dropCachedSessions = async (userId: string, tokens: readonly string[]): Promise<void> => {
    for (const key of [...tokens, `active-sessions-${userId}`]) await sessionStore.delete(key);
  };
  const prove = async (proof: MailboxProof): Promise<boolean> => {
    const ended = await applyMailboxProof(database, proof);
    if (ended === null) return false;
    if (ended.length > 0) await dropCachedSessions(proof.userId, ended);
    return true;
  };
  const auth = betterAuth({
    appName: "Holdfast",
    baseURL: origin,
    basePath: "/api/auth",
    secret,
    database: drizzleAdapter(database, {
      provider: "pg",
      schema: {
        user: users,
        session: sessions,
        account: identities,
        verification: verifications,
        passkey: passkeys,
      },
    }),
    secondaryStorage: sessionStore,
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: true,
      autoSignIn: false,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: MAX_PASSWORD_LENGTH,
      password: {
        hash: hashPassword,
        verify: ({ hash, password }) => verifyPassword(hash, password),
      },
      resetPasswordTokenExpiresIn: MAIL_LINK_SECONDS,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token }) =>
        letter("reset_password", user.email, `${origin}/account/reset?token=${encodeURIComponent(token)}`),
      // The link came by mail: the password just set is the one way in, whatever was set before.
      onPasswordReset: async ({ user }) => {
        await prove({ userId: user.id, password: { kept: true }, onlyUnproven: false });
        await claim(user.id);
      },
      onExistingUserSignUp: ({ user }) =>
        letter("already_registered", user.email, `${origin}/account/sign-in`),
    },
    emailVerification: {
      sendOnSignUp: true,
      sendOnSignIn: true,
      expiresIn: MAIL_LINK_SECONDS,
      sendVerificationEmail: ({ user, token }) => letter("verify_email", user.email, linkTo(token)),
    },
    user: {
      changeEmail: {
        enabled: true,
        sendChangeEmailConfirmation: ({ user, token }) =>
          letter("confirm_new_email", user.email, linkTo(token)),
      },
      // Google's and Apple's word is a proof of the mailbox, or the account would have a way in without one.
      validateUserInfo: ({ user, source }) => {
        const isUnproven =
          source.method === "oauth" && source.action !== "sign-in" && user.emailVerified !== true;
        return isUnproven ? { error: "email_not_verified" } : undefined;
      },
    },
    session: {
      expiresIn: SESSION_SECONDS,
      updateAge: RENEWAL_SECONDS,
      freshAge: FRESH_SECONDS,
      storeSessionInDatabase: true,
      cookieCache: { enabled: true, maxAge: COOKIE_COPY_SECONDS, strategy: "compact" },
    },
    databaseHooks: {
      account: {
        create: {
          // Google or Apple vouches for the mailbox, so credentials set before that are removed.
          before: async ({ providerId, userId }) => {
            if (providerId !== "credential") await prove({ userId, password: null, onlyUnproven: true });
          },
        },
      },
      session: {
        create: {
          // Behind the answer: whoever proved the address by this sign-in waits for nothing.
          after: (session) => {
            waitUntil(claim(session.userId));
            return Promise.resolve();
          },
        },
      },
    },
    verification: { storeIdentifier: "hashed", storeInDatabase: true },
    account: {
      encryptOAuthTokens: true,
      // Also to an account whose address was not proven before: the hook above has emptied it by then.
      accountLinking: { enabled: true, trustedProviders: [], requireLocalEmailVerified: false },
    },
    socialProviders: {
      ...(social.google === undefined ? {} : { google: { ...social.google, mapProfileToUser: normalised } }),
      ...(social.apple === undefined ? {} : { apple: { ...social.apple, mapProfileToUser: normalised } }),
    },
    plugins: [
      mailboxProof({
        prove,
        sendChangeLink: (newEmail, token) => letter("verify_email", newEmail, linkTo(token)),
        endLinks: (userId) => endPendingLinks(database, userId),
        claim,
        freshMs: FRESH_SECONDS * 1000,
      }),
      passkey({
        rpID: new URL(origin).hostname,
        rpName: "Holdfast",
        origin,
      }),
    ],
    advanced: {
      useSecureCookies: false,
      cookies: {
        session_token: { name: "__Host-session" },
        session_data: { name: "__Host-session-copy" },
        account_data: { name: "__Host-account" },
        dont_remember: { name: "__Host-brief" },
        "better-auth-passkey": { name: "__Host-passkey" },
      },
      // `__Host-` wants Secure, the path / and no domain; browsers grant Secure to localhost without TLS.
      defaultCookieAttributes: { secure: true, httpOnly: true, sameSite: "lax", path: "/" },
      ipAddress: { ipAddressHeaders: ["cf-connecting-ip"], ipv6Subnet: 64 },
      backgroundTasks: { handler: waitUntil },
      database: { validateSchema: false },
      // Ours guards every unsafe request of the store, these too (src/worker/middleware/unsafe-request.ts).
      disableCSRFCheck: true,
    },
    // Where signing in with Google or Apple ends that did not succeed.
    onAPIError: { throw: true, errorURL: `${origin}/account/sign-in?said=provider_failed` },
    // Counted at the door (attempt-limits.ts), by account too.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: {
      disableColors: true,
      level: "error",
      log: (_level, message) => {
        report(new Error(`accounts: ${message}`));
      },
    },
  });

  const askLibrary = async (headers: Headers, uncached: boolean) => {
    try {
      const query = { disableCookieCache: uncached };
      return await auth.api.getSession({ headers, query, returnHeaders: true });
    } catch (error) {
      // The library wraps what a store threw, which says whether trying again helps.
      throw error instanceof APIError && error.cause instanceof Error ? error.cause : error;
    }
  };
  /**
   * Who is signed in, as the record of sessions in Postgres has it: a copy, in the cookie or in Redis, may outlive its session.
   *
   * @returns the answer's cookies beside it
   * @throws when Postgres could not say
   */
  const recordedSession = async (headers: Headers): Promise<SessionAnswered> => {
    const { response, headers: answered } = await askLibrary(headers, true);
    const isOnRecord = response !== null && (await isSessionOnRecord(database, response.session.id));
    return { signedIn: isOnRecord ? signedInBy(response) : null, headers: answered };
  };

  return {
    /**
     * Answers a request below `/api/auth`.
     *
     * @throws what a store threw; refusals are answers
     */
    handle: (request: Request): Promise<Response> => auth.handler(request),
    /**
     * Who is signed in by the request's cookies, or null.
     *
     * @param options.uncached asks Redis, and Postgres behind it, also where the cookie's copy would say
     * @returns the answer's cookies beside it, where the session or its copy was renewed
     * @throws when none of those that were asked could say
     */
    async session(headers: Headers, { uncached = false } = {}): Promise<SessionAnswered> {
      const { response, headers: answered } = await askLibrary(headers, uncached);
      return { signedIn: response === null ? null : signedInBy(response), headers: answered };
    },
    /**
     * Who signed in within the last hour, as the record of sessions has it.
     *
     * @throws when Postgres could not say
     */
    async recentSession(
      headers: Headers,
    ): Promise<
      | { readonly ok: true; readonly signedIn: SignedIn }
      | { readonly ok: false; readonly reason: "unauthorised" | "sign_in_again" }
    > {
      const { signedIn } = await recordedSession(headers);
      if (signedIn === null) return { ok: false, reason: "unauthorised" };
      const isRecent = Date.now() - signedIn.signedInAt < FRESH_SECONDS * 1000;
      return isRecent ? { ok: true, signedIn } : { ok: false, reason: "sign_in_again" };
    },
    recordedSession,
    /** What the link of an e-mail is a right to; null where it is too old or used up. Changes nothing. */
    async openMailLink(token: string): Promise<MailLink | null> {
      const link = await readMailLink(secret, token);
      if (link === null) return null;
      const user = await (await auth.$context).internalAdapter.findUserById(link.userId);
      const isOpen = user?.email === link.email && !(link.kind === "verify_address" && user.emailVerified);
      return isOpen ? link : null;
    },
    /** Gives whoever is signed in another name. Answers the cookies that say so. @throws where nobody is signed in */
    async rename(headers: Headers, name: string): Promise<Headers> {
      return (await auth.api.updateUser({ headers, body: { name }, returnHeaders: true })).headers;
    },
    /** Ends the cached copies of somebody's sessions. @throws what Redis threw, so that nothing falls open */
    dropCachedSessions,
  };
}

/** An account's address is kept in its normal form, also where Google or Apple says it. */
function normalised({ email }: { readonly email?: string | null }): { email?: string } {
  return email == null ? {} : { email: normaliseEmail(email) };
}

interface SessionAnswer {
  readonly user: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly emailVerified: boolean;
  };
  readonly session: { readonly id: string; readonly createdAt: Date | string };
}

function signedInBy({ user, session }: SessionAnswer): SignedIn {
  return {
    userId: user.id,
    name: user.name,
    email: user.email,
    emailVerified: user.emailVerified,
    sessionId: session.id,
    signedInAt: new Date(session.createdAt).getTime(),
  };
}
