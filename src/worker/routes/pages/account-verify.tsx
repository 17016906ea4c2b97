/** The links of e-mails about an address: a page says what the link is for, and its form does it, in whatever browser it is opened. */
import { NO_ANSWER, type AccountAnswer } from "../../../../web/components/account-entry.tsx";
import { VerifyPage, type VerifyStep } from "../../../../web/pages/account-verify.tsx";
import { renderPage } from "../../../../web/render.ts";
import { originOf } from "../../accounts/session.ts";
import type { AppContext } from "../../app-env.ts";
import { servicesOf } from "../../compose.ts";
import { limitReads } from "../../middleware/read-limit.ts";
import { refuse } from "../../refuse.ts";
import type { App } from "../register.ts";
import { accountPage, submit, type Submitted } from "./account-forms.ts";
import { readForm } from "./form.ts";
import { siteOf } from "./site.ts";

const PATH = "/account/verify";
const MAX_TOKEN_LENGTH = 2048;

export function registerVerifyPages(app: App): void {
  app.get(PATH, limitReads, show);
  app.post(PATH, confirm);
}

async function show(c: AppContext): Promise<Response> {
  return await render(c, c.req.query("token") ?? "", NO_ANSWER);
}

async function confirm(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const token = form.fields.get("token") ?? "";
  const step = await stepOf(c, token);
  if (step === null)
    return await render(c, token, NO_ANSWER, { ok: false, code: "link_expired", answer: NO_ANSWER });
  const wrong = { invalid_credentials: "wrong_password_of_link" } as const;
  const { password, newPassword } = passwordsIn(form.fields);
  if (step.kind === "verify_address") {
    const chosen = newPassword === undefined ? { password } : { newPassword };
    const submitted = await submit(c, "verifyEmail", { token, ...chosen }, wrong);
    if (submitted.ok) return c.redirect("/account?said=verified", 303);
    return await render(c, token, submitted.answer, submitted);
  }
  const submitted = await submit(c, "confirmEmailChange", { token, password }, wrong);
  if (!submitted.ok) return await render(c, token, submitted.answer, submitted);
  const said = step.kind === "agree_to_change" ? "change_agreed" : "email_changed";
  return c.redirect(`/account/security?said=${said}`, 303);
}

/** Undefined where the form has no such field. */
function passwordsIn(fields: URLSearchParams): {
  password: string | undefined;
  newPassword: string | undefined;
} {
  return {
    password: fields.get("password") ?? undefined,
    newPassword: fields.get("newPassword") ?? undefined,
  };
}

async function stepOf(c: AppContext, token: string): Promise<VerifyStep | null> {
  if (token === "" || token.length > MAX_TOKEN_LENGTH) return null;
  const accounts = servicesOf(c.env).accounts(originOf(c));
  const link = await accounts.openMailLink(token);
  if (link?.kind !== "change_address") return link;
  const recent = await accounts.recentSession(c.req.raw.headers);
  return { ...link, isOwnBrowser: recent.ok && recent.signedIn.userId === link.userId };
}

async function render(
  c: AppContext,
  token: string,
  answer: AccountAnswer,
  refusal: Submitted | null = null,
): Promise<Response> {
  const step = await stepOf(c, token);
  const shown: AccountAnswer = step === null ? { ...NO_ANSWER, message: "confirm_expired" } : answer;
  const page = <VerifyPage site={siteOf(c)} token={token} step={step} answer={shown} />;
  return accountPage(c, renderPage(page), refusal);
}
