/** What protects an account, by pages: password, address, passkeys, sessions. Each change is a form; each answers 303 or says why not. */
import { z } from "zod";
import { NO_ANSWER, type AccountAnswer } from "../../../../web/components/account-entry.tsx";
import type { AccountMessage } from "../../../../web/components/account-notice.tsx";
import type { Shown } from "../../../../web/components/again-note.tsx";
import type { PasskeyView } from "../../../../web/components/passkey-panel.tsx";
import type { SessionView } from "../../../../web/components/session-panel.tsx";
import { SecurityPage } from "../../../../web/pages/account-security.tsx";
import { renderPage } from "../../../../web/render.ts";
import type { SignedIn } from "../../../adapters/accounts/accounts.ts";
import { recordedSessionOf } from "../../accounts/session.ts";
import type { AppContext } from "../../app-env.ts";
import { refuse } from "../../refuse.ts";
import type { App } from "../register.ts";
import { accountPage, submit, typedIn, type Submitted } from "./account-forms.ts";
import { saidIn, signInHref } from "./account-sign-in.tsx";
import { readForm } from "./form.ts";
import { siteOf } from "./site.ts";

const PATH = "/account/security";
const UNNAMED_PASSKEY = "Passkey";

const SAID_HERE: readonly AccountMessage[] = [
  "password_changed",
  "email_asked",
  "change_agreed",
  "email_changed",
  "session_ended",
  "others_ended",
  "passkey_added",
  "passkey_removed",
];

/** What the link of an e-mail did is said also where nobody is signed in. */
const SAID_BY_LINKS = ["change_agreed", "email_changed"] as const;

export function registerSecurityPages(app: App): void {
  app.get(PATH, show);
  // Where password managers lead to: https://w3c.github.io/webappsec-change-password-url/
  app.get("/.well-known/change-password", (c) => c.redirect(PATH, 303));
  app.post(`${PATH}/password`, changePassword);
  app.post(`${PATH}/email`, changeEmail);
  app.post(`${PATH}/passkeys/remove`, removePasskey);
  app.post(`${PATH}/sessions/end`, endSession);
  app.post(`${PATH}/sessions/end-others`, endOthers);
  app.post(`${PATH}/sessions/end-all`, endAll);
}

async function show(c: AppContext): Promise<Response> {
  const who = await recordedSessionOf(c);
  const message = saidIn(c, SAID_HERE);
  if (who === null) {
    const said = SAID_BY_LINKS.find((byLink) => byLink === message);
    return c.redirect(signInHref(PATH, said === undefined ? {} : { said }), 303);
  }
  return await render(c, who, { answer: { ...NO_ANSWER, message } });
}

async function changePassword(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const typed = {
    currentPassword: form.fields.get("currentPassword") ?? "",
    newPassword: form.fields.get("newPassword") ?? "",
  };
  // Whoever signs in with Google or Apple has none to change: the library refuses it without a reason of its own.
  const says = { invalid_credentials: "wrong_password", bad_request: "no_password" } as const;
  return await answer(c, await submit(c, "changePassword", typed, says), "password_changed");
}

async function changeEmail(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const newEmail = typedIn(form.fields, "newEmail");
  const submitted = await submit(c, "changeEmail", { newEmail }, { bad_request: "same_email" });
  return await answer(c, submitted, "email_asked", newEmail);
}

async function removePasskey(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const submitted = await submit(c, "deletePasskey", { id: form.fields.get("id") ?? "" });
  if (!submitted.ok && isNobodys(submitted)) return refuse(c, "not_found");
  return await answer(c, submitted, "passkey_removed");
}

/** Another's passkey is not there. */
function isNobodys({ code }: Extract<Submitted, { ok: false }>): boolean {
  return code === "not_found" || code === "forbidden" || code === "validation_failed";
}

/** The page names a session by its id; its token, which the door wants, never leaves the server. */
async function endSession(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const listed = await submit(c, "listSessions", {});
  if (!listed.ok) return await answer(c, listed, "session_ended");
  const id = form.fields.get("id");
  const session = ListedSessions.parse(await listed.answer.json()).find((candidate) => candidate.id === id);
  // Ended already, or never one of these: either way it is not signed in.
  if (session === undefined) return c.redirect(`${PATH}?said=session_ended`, 303);
  return await answer(c, await submit(c, "revokeSession", { token: session.token }), "session_ended");
}

async function endOthers(c: AppContext): Promise<Response> {
  return await answer(c, await submit(c, "revokeOtherSessions", {}), "others_ended");
}

async function endAll(c: AppContext): Promise<Response> {
  const submitted = await submit(c, "revokeSessions", {});
  if (!submitted.ok) return await answer(c, submitted, "others_ended");
  return c.redirect("/account/sign-in?said=signed_out_everywhere", 303);
}

/** Back to the page where it is done; else the page again, with why it was not. */
async function answer(
  c: AppContext,
  submitted: Submitted,
  done: AccountMessage,
  newEmail?: string,
): Promise<Response> {
  if (submitted.ok) return c.redirect(`${PATH}?said=${done}`, 303);
  const who = await recordedSessionOf(c);
  // The cookie's copy outlives a session that was ended elsewhere: asked for again, also of who looks signed in.
  if (who === null || submitted.code === "unauthorised")
    return c.redirect(signInHref(PATH, { said: "sign_in_first", again: true }), 303);
  return await render(c, who, {
    answer: submitted.answer,
    refusal: submitted,
    ...(newEmail === undefined ? {} : { newEmail }),
  });
}

interface SecurityShown {
  readonly answer: AccountAnswer;
  readonly refusal?: Submitted;
  readonly newEmail?: string;
}

async function render(c: AppContext, who: SignedIn, shown: SecurityShown): Promise<Response> {
  const [sessions, passkeys] = await Promise.all([sessionsOf(c, who), passkeysOf(c)]);
  const { answer, refusal = null, newEmail } = shown;
  const page = (
    <SecurityPage
      site={siteOf(c)}
      email={who.email}
      sessions={sessions}
      passkeys={passkeys}
      answer={answer}
      {...(newEmail === undefined ? {} : { newEmail })}
    />
  );
  return accountPage(c, renderPage(page), refusal);
}

/** As the library lists them, as far as the page shows them. */
const ListedSessions = z.array(
  z.object({
    id: z.string(),
    token: z.string(),
    createdAt: z.string(),
    ipAddress: z.string().nullish(),
    userAgent: z.string().nullish(),
  }),
);
const ListedPasskeys = z.array(
  z.object({ id: z.string(), name: z.string().nullish(), createdAt: z.string().nullish() }),
);

async function sessionsOf(c: AppContext, { sessionId }: SignedIn): Promise<Shown<SessionView>> {
  return await listed(c, "listSessions", ListedSessions, (sessions) =>
    sessions
      .map(({ id, createdAt, ipAddress, userAgent }) => ({
        id,
        userAgent: userAgent ?? null,
        address: ipAddress === "" ? null : (ipAddress ?? null),
        signedInAt: createdAt,
        isThis: id === sessionId,
      }))
      // This one first, then the newest.
      .sort((a, b) => Number(b.isThis) - Number(a.isThis) || b.signedInAt.localeCompare(a.signedInAt)),
  );
}

async function passkeysOf(c: AppContext): Promise<Shown<PasskeyView>> {
  return await listed(c, "listPasskeys", ListedPasskeys, (passkeys) =>
    passkeys.map(({ id, name, createdAt }) => ({
      id,
      name: name == null || name === "" ? UNNAMED_PASSKEY : name,
      createdAt: createdAt ?? null,
    })),
  );
}

async function listed<Listed, Item>(
  c: AppContext,
  door: string,
  schema: z.ZodType<Listed>,
  view: (listed: Listed) => readonly Item[],
): Promise<Shown<Item>> {
  const submitted = await submit(c, door, {});
  if (submitted.ok) return { kind: "shown", items: view(schema.parse(await submitted.answer.json())) };
  const isStale = submitted.code === "sign_in_again" || submitted.code === "unauthorised";
  return { kind: isStale ? "sign_in_again" : "unavailable" };
}
