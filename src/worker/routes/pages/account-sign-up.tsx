/** Making an account by pages, and having the confirmation sent again. The answer is the same for every address. */
import { NO_ANSWER, type AccountAnswer } from "../../../../web/components/account-entry.tsx";
import { MailSentPage } from "../../../../web/pages/account-mail-sent.tsx";
import { SignUpPage } from "../../../../web/pages/account-sign-up.tsx";
import { renderPage } from "../../../../web/render.ts";
import { signedInOf } from "../../accounts/session.ts";
import type { AppContext } from "../../app-env.ts";
import { claimIn, personCheckFor } from "../../person-check.ts";
import { refuse } from "../../refuse.ts";
import type { App } from "../register.ts";
import { accountPage, submit, typedIn, type Submitted } from "./account-forms.ts";
import { HOME_OF_ACCOUNT } from "./account-sign-in.tsx";
import { readForm } from "./form.ts";
import { siteOf } from "./site.ts";

export function registerSignUpPages(app: App): void {
  app.get("/account/sign-up", show);
  app.post("/account/sign-up", signUp);
  app.post("/account/confirm", confirmAgain);
}

async function show(c: AppContext): Promise<Response> {
  if ((await signedInOf(c)) !== null) return c.redirect(HOME_OF_ACCOUNT, 303);
  return render(c, { name: "", email: "", answer: NO_ANSWER });
}

async function signUp(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const name = typedIn(form.fields, "name");
  const email = typedIn(form.fields, "email");
  const password = form.fields.get("password") ?? "";
  const turnstileToken = claimIn(form.fields);
  const submitted = await submit(c, "signUp", { name, email, password, turnstileToken });
  if (!submitted.ok) return render(c, { name, email, answer: submitted.answer }, submitted, form.fields);
  return mailSent(c, email);
}

async function confirmAgain(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const email = typedIn(form.fields, "email");
  const submitted = await submit(c, "sendVerificationEmail", { email });
  return submitted.ok ? mailSent(c, email) : mailSent(c, email, submitted.answer, submitted);
}

interface Shown {
  readonly name: string;
  readonly email: string;
  readonly answer: AccountAnswer;
}

function render(
  c: AppContext,
  shown: Shown,
  refusal: Submitted | null = null,
  posted?: URLSearchParams,
): Response {
  const wasRefused = shown.answer.message === "caught";
  const check = personCheckFor(c, "sign_up", { posted, wasRefused });
  const site = check === null ? siteOf(c) : siteOf(c, "turnstile");
  return accountPage(c, renderPage(<SignUpPage site={site} personCheck={check} {...shown} />), refusal);
}

function mailSent(
  c: AppContext,
  email: string,
  answer = NO_ANSWER,
  refusal: Submitted | null = null,
): Response {
  const page = <MailSentPage site={siteOf(c)} purpose="confirm" email={email.trim()} answer={answer} />;
  return accountPage(c, renderPage(page), refusal);
}
