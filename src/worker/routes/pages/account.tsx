/** The overview of an account. Whoever is not signed in is asked to, and comes back. */
import type { AccountMessage } from "../../../../web/components/account-notice.tsx";
import { AccountPage } from "../../../../web/pages/account.tsx";
import { renderPage } from "../../../../web/render.ts";
import { signedInOf } from "../../accounts/session.ts";
import type { AppContext } from "../../app-env.ts";
import type { App } from "../register.ts";
import { accountPage } from "./account-forms.ts";
import { HOME_OF_ACCOUNT, signInHref } from "./account-sign-in.tsx";
import { siteOf } from "./site.ts";

export function registerAccountOverview(app: App): void {
  app.get(HOME_OF_ACCOUNT, overview);
}

async function overview(c: AppContext): Promise<Response> {
  const who = await signedInOf(c);
  // Links of e-mails end here: with an `error`, which the accounts library adds, or without.
  const fromLink = c.req.query("verified") !== undefined;
  const failed = c.req.query("error") !== undefined;
  if (who === null) {
    const said: AccountMessage = failed ? "confirm_expired" : "verified_elsewhere";
    return c.redirect(signInHref(HOME_OF_ACCOUNT, fromLink || failed ? { said } : {}), 303);
  }
  const message: AccountMessage | null = failed ? "link_expired" : fromLink ? "verified" : null;
  const { name, email } = who;
  return accountPage(
    c,
    renderPage(<AccountPage site={siteOf(c)} name={name} email={email} message={message} />),
  );
}
