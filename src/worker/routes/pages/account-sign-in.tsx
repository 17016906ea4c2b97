/** Signing in and out by pages: by password, and the way to Google or Apple. Works without JavaScript. */
import { SOCIAL_PROVIDERS } from "../../../contracts/accounts.ts";
import { ownPath } from "../../../domain/own-path.ts";
import { NO_ANSWER, type AccountAnswer } from "../../../../web/components/account-entry.tsx";
import type { AccountMessage } from "../../../../web/components/account-notice.tsx";
import { SignInPage } from "../../../../web/pages/account-sign-in.tsx";
import { renderPage } from "../../../../web/render.ts";
import { signedInOf } from "../../accounts/session.ts";
import type { AppContext } from "../../app-env.ts";
import { servicesOf } from "../../compose.ts";
import { refuse } from "../../refuse.ts";
import type { App } from "../register.ts";
import { accountPage, submit, typedIn, type Submitted } from "./account-forms.ts";
import { readForm } from "./form.ts";
import { siteOf } from "./site.ts";

export const HOME_OF_ACCOUNT = "/account";

/** What an address may have this page say: things that lead here. */
const SAID_HERE: readonly AccountMessage[] = [
  "signed_out",
  "signed_out_everywhere",
  "password_reset",
  "provider_failed",
  "change_agreed",
  "email_changed",
  "sign_in_first",
];

export function registerSignInPages(app: App): void {
  app.get("/account/sign-in", show);
  app.post("/account/sign-in", signIn);
  app.post("/account/sign-in/with", signInWith);
  app.post("/account/sign-out", signOut);
}

/**
 * The way to sign in, and back.
 *
 * @param again also for somebody who is signed in: what protects an account asks for a recent sign-in
 */
export function signInHref(
  next: string,
  { said, again = false }: { said?: AccountMessage; again?: boolean } = {},
): string {
  const query = new URLSearchParams({ next });
  if (again) query.set("again", "1");
  if (said !== undefined) query.set("said", said);
  return `/account/sign-in?${query.toString()}`;
}

/** The message that an address names, of those that may be said there. */
export function saidIn(c: AppContext, allowed: readonly AccountMessage[]): AccountMessage | null {
  const said = c.req.query("said");
  return allowed.find((message) => message === said) ?? null;
}

async function show(c: AppContext): Promise<Response> {
  const next = ownPath(c.req.query("next")) ?? HOME_OF_ACCOUNT;
  const again = c.req.query("again") !== undefined;
  if (!again && (await signedInOf(c)) !== null) return c.redirect(next, 303);
  return render(c, {
    email: "",
    remember: true,
    next,
    answer: { ...NO_ANSWER, message: saidIn(c, SAID_HERE) },
  });
}

async function signIn(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const { fields } = form;
  const next = ownPath(fields.get("next")) ?? HOME_OF_ACCOUNT;
  const email = typedIn(fields, "email");
  const remember = fields.get("remember") !== null;
  const submitted = await submit(c, "signIn", {
    email,
    password: fields.get("password") ?? "",
    rememberMe: remember,
  });
  if (submitted.ok) return c.redirect(next, 303);
  return render(c, { email, remember, next, answer: submitted.answer }, submitted);
}

/** On to Google or Apple, which send the browser back to the API's callback. */
async function signInWith(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const wanted = form.fields.get("provider");
  const provider = SOCIAL_PROVIDERS.find((name) => name === wanted);
  if (provider === undefined || !servicesOf(c.env).socialProviders.includes(provider))
    return refuse(c, "not_found");
  const submitted = await submit(c, "signInWithProvider", { provider });
  if (submitted.ok) {
    const { url } = await submitted.answer.json<{ url: string }>();
    return c.redirect(url, 303);
  }
  const shown = { email: "", remember: true, next: HOME_OF_ACCOUNT, answer: submitted.answer };
  return render(c, shown, submitted);
}

async function signOut(c: AppContext): Promise<Response> {
  const submitted = await submit(c, "signOut", {});
  if (!submitted.ok) return refuse(c, submitted.code);
  return c.redirect("/account/sign-in?said=signed_out", 303);
}

interface Shown {
  readonly email: string;
  readonly remember: boolean;
  readonly next: string;
  readonly answer: AccountAnswer;
}

function render(c: AppContext, shown: Shown, refusal: Submitted | null = null): Response {
  const page = (
    <SignInPage
      site={siteOf(c, "sign-in-providers")}
      providers={servicesOf(c.env).socialProviders}
      {...shown}
    />
  );
  return accountPage(c, renderPage(page), refusal);
}
