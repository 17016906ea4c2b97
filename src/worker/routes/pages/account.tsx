/** The overview of an account, and the name it greets by. Whoever is not signed in is asked to, and comes back. */
import { MeBody } from "../../../contracts/profile.ts";
import { NO_ANSWER, type AccountAnswer } from "../../../../web/components/account-entry.tsx";
import { adviceFor } from "../../../../web/account-rules.ts";
import { AccountPage } from "../../../../web/pages/account.tsx";
import { renderPage } from "../../../../web/render.ts";
import type { SignedIn } from "../../../adapters/accounts/accounts.ts";
import { recordedSessionOf } from "../../accounts/session.ts";
import type { AppContext } from "../../app-env.ts";
import { limitReads } from "../../middleware/read-limit.ts";
import { pageForSignedIn } from "../../profile/page-for-signed-in.ts";
import { rename } from "../../profile/rename.ts";
import { refuse } from "../../refuse.ts";
import type { App } from "../register.ts";
import { accountPage, typedIn } from "./account-forms.ts";
import { HOME_OF_ACCOUNT, saidIn, signInHref } from "./account-sign-in.tsx";
import { readForm } from "./form.ts";
import { siteOf } from "./site.ts";

export function registerAccountOverview(app: App): void {
  app.get(HOME_OF_ACCOUNT, overview);
  app.post("/account/name", limitReads, pageForSignedIn(HOME_OF_ACCOUNT, changeName));
}

async function overview(c: AppContext): Promise<Response> {
  const who = await recordedSessionOf(c);
  if (who === null) return c.redirect(signInHref(HOME_OF_ACCOUNT), 303);
  const message = saidIn(c, ["name_changed", "verified"]);
  return accountPage(c, render(c, who, { answer: { ...NO_ANSWER, message } }));
}

async function changeName(c: AppContext, who: SignedIn): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const newName = typedIn(form.fields, "name");
  const body = MeBody.safeParse({ name: newName });
  if (!body.success) {
    const errors = new Map([["name", adviceFor("name", newName, true)] as const]);
    return c.html(render(c, who, { answer: { ...NO_ANSWER, errors }, newName }), 422);
  }
  if (await rename(c, who.userId, body.data.name))
    return c.redirect(`${HOME_OF_ACCOUNT}?said=name_changed`, 303);
  return c.redirect(signInHref(HOME_OF_ACCOUNT, { said: "sign_in_first", again: true }), 303);
}

interface OverviewShown {
  readonly answer: AccountAnswer;
  readonly newName?: string;
}

function render(c: AppContext, { name, email }: SignedIn, shown: OverviewShown): string {
  return renderPage(<AccountPage site={siteOf(c)} name={name} email={email} {...shown} />);
}
