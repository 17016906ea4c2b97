/** A forgotten password by pages: asking for a link, and choosing a new password by it. */
import { NO_ANSWER, type AccountAnswer } from "../../../../web/components/account-entry.tsx";
import { ForgotPage } from "../../../../web/pages/account-forgot.tsx";
import { MailSentPage } from "../../../../web/pages/account-mail-sent.tsx";
import { ResetPage } from "../../../../web/pages/account-reset.tsx";
import { renderPage } from "../../../../web/render.ts";
import type { AppContext } from "../../app-env.ts";
import { refuse } from "../../refuse.ts";
import type { App } from "../register.ts";
import { accountPage, submit, typedIn, type Submitted } from "./account-forms.ts";
import { readForm } from "./form.ts";
import { siteOf } from "./site.ts";

const LINK_EXPIRED: AccountAnswer = { ...NO_ANSWER, message: "link_expired" };

export function registerPasswordPages(app: App): void {
  app.get("/account/forgot", (c) => renderForgot(c, "", NO_ANSWER));
  app.post("/account/forgot", askForLink);
  app.get("/account/reset", showReset);
  app.post("/account/reset", reset);
}

async function askForLink(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const email = typedIn(form.fields, "email");
  const submitted = await submit(c, "requestPasswordReset", { email });
  if (!submitted.ok) return renderForgot(c, email, submitted.answer, submitted);
  const page = <MailSentPage site={siteOf(c)} purpose="reset" email={email.trim()} answer={NO_ANSWER} />;
  return accountPage(c, renderPage(page));
}

function renderForgot(
  c: AppContext,
  email: string,
  answer: AccountAnswer,
  refusal: Submitted | null = null,
): Response {
  return accountPage(c, renderPage(<ForgotPage site={siteOf(c)} email={email} answer={answer} />), refusal);
}

/** The link is not tried by looking at it: it would be used up by whoever scans mail. */
function showReset(c: AppContext): Response {
  const token = c.req.query("token") ?? "";
  return token === "" ? renderReset(c, null, LINK_EXPIRED) : renderReset(c, token, NO_ANSWER);
}

async function reset(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const token = form.fields.get("token") ?? "";
  const newPassword = form.fields.get("newPassword") ?? "";
  const submitted = await submit(c, "resetPassword", { token, newPassword });
  if (submitted.ok) return c.redirect("/account/sign-in?said=password_reset", 303);
  const isSpent = submitted.answer.message === "link_expired";
  return renderReset(c, isSpent ? null : token, submitted.answer, submitted);
}

function renderReset(
  c: AppContext,
  token: string | null,
  answer: AccountAnswer,
  refusal: Submitted | null = null,
): Response {
  return accountPage(c, renderPage(<ResetPage site={siteOf(c)} token={token} answer={answer} />), refusal);
}
