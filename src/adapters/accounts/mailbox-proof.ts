/**
 * Proving a mailbox, as endpoints of the accounts library in the place of its own `GET /verify-email`, which acts when a link is
 * opened. Here a link is shown by a page, and acts by POST, from any browser.
 */
import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthEndpoint, getSessionFromCtx } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { z } from "zod";
import type { MailboxProof } from "../postgres/mailbox-proof.ts";
import { changeAddressToken, readMailLink } from "./mail-link.ts";

export interface MailboxProofOptions {
  /** Verifies the address and ends every way in but the one named. False: the address is proven already. */
  readonly prove: (proof: MailboxProof) => Promise<boolean>;
  /** Sends the second link of a change to the new address. */
  readonly sendChangeLink: (newEmail: string, token: string) => Promise<void>;
  /** Ends the account's other pending links. */
  readonly endLinks: (userId: string) => Promise<void>;
  /** The guest orders of a proven address become the account's. Never throws. */
  readonly claim: (userId: string) => Promise<void>;
  /** How recent a sign-in must be to confirm a change in the place of the password, ms. */
  readonly freshMs: number;
}

const refusal = (status: "BAD_REQUEST" | "UNAUTHORIZED" | "FORBIDDEN", code: string) =>
  new APIError(status, { code, message: code });
const invalidToken = () => refusal("BAD_REQUEST", "INVALID_TOKEN");
const wrongPassword = () => refusal("UNAUTHORIZED", "INVALID_PASSWORD");

export function mailboxProof(options: MailboxProofOptions) {
  return {
    id: "mailbox-proof",
    endpoints: { proveAddress: proveAddress(options), changeAddress: changeAddress(options) },
  } satisfies BetterAuthPlugin;
}

const ProofBody = z.object({
  token: z.string(),
  password: z.string().optional(),
  newPassword: z.string().optional(),
});

/**
 * Verifies the address that an account was created with, and signs in. The address may have been typed by another person than the one
 * who reads its mail, so the sign-up's password is kept only if this person knows it.
 */
function proveAddress({ prove, claim }: MailboxProofOptions) {
  return createAuthEndpoint("/verify-email", { method: "POST", body: ProofBody }, async (ctx) => {
    const { secret, internalAdapter, password: passwords } = ctx.context;
    const { token, password, newPassword } = ctx.body;
    const link = await readMailLink(secret, token);
    if (link?.kind !== "verify_address") throw invalidToken();
    const user = await internalAdapter.findUserById(link.userId);
    if (user === null || user.emailVerified || user.email !== link.email) throw invalidToken();
    if (newPassword === undefined && !(await knowsPassword(ctx, user.id, password))) throw wrongPassword();
    const isProven = await prove({
      userId: user.id,
      password: newPassword === undefined ? { kept: true } : { hash: await passwords.hash(newPassword) },
      onlyUnproven: true,
    });
    if (!isProven) throw invalidToken();
    await claim(user.id);
    const session = await internalAdapter.createSession(user.id);
    await setSessionCookie(ctx, { session, user: { ...user, emailVerified: true } });
    return ctx.json({ status: true });
  });
}

const ChangeBody = z.object({ token: z.string(), password: z.string().optional() });

/**
 * Either link of a change. By the first, the present address agrees, and the second goes out. By the second the address changes,
 * for a person who can sign in to the account: by its password, or by a session of the last hour in this browser, as those have who
 * use a passkey, Google or Apple. Reading the new address's mail alone gives no right to the account.
 */
function changeAddress({ sendChangeLink, endLinks, claim, freshMs }: MailboxProofOptions) {
  return createAuthEndpoint("/confirm-email-change", { method: "POST", body: ChangeBody }, async (ctx) => {
    const { secret, internalAdapter } = ctx.context;
    const link = await readMailLink(secret, ctx.body.token);
    if (link === null || link.kind === "verify_address") throw invalidToken();
    const { userId, email, newEmail } = link;
    const user = await internalAdapter.findUserById(userId);
    if (user?.email !== email) throw invalidToken();
    const isTaken = (await internalAdapter.findUserByEmail(newEmail)) !== null;
    if (link.kind === "agree_to_change") {
      // The same answer for an address that has an account of its own: nobody is told that it has.
      if (!isTaken)
        await sendChangeLink(newEmail, await changeAddressToken(secret, { userId, email, newEmail }));
      return ctx.json({ status: true });
    }
    if (isTaken) throw invalidToken();
    const session = await getSessionFromCtx(ctx, { disableCookieCache: true });
    const isOwnBrowser =
      session?.user.id === userId && Date.now() - new Date(session.session.createdAt).getTime() < freshMs;
    if (!isOwnBrowser) {
      if (ctx.body.password === undefined) throw refusal("FORBIDDEN", "SESSION_NOT_FRESH");
      if (!(await knowsPassword(ctx, userId, ctx.body.password))) throw wrongPassword();
    }
    const changed = await internalAdapter.updateUser(userId, { email: newEmail, emailVerified: true });
    // Those that went to the former address.
    await endLinks(userId);
    await claim(userId);
    if (session?.user.id === userId)
      await setSessionCookie(ctx, { session: session.session, user: { ...session.user, ...changed } });
    return ctx.json({ status: true });
  });
}

type PasswordContext = Parameters<typeof setSessionCookie>[0];

async function knowsPassword(
  ctx: PasswordContext,
  userId: string,
  password: string | undefined,
): Promise<boolean> {
  const { internalAdapter, password: passwords } = ctx.context;
  const hash = (await internalAdapter.findCredentialAccount(userId))?.password;
  if (password === undefined || hash == null) return false;
  return await passwords.verify({ hash, password });
}
