/** One's own data by pages: the way to the file of it, and deleting the account. */
import { isProfileMessage } from "../../../../web/components/profile-notice.tsx";
import { AccountDataPage } from "../../../../web/pages/account-data.tsx";
import { AccountGonePage } from "../../../../web/pages/account-gone.tsx";
import { renderPage } from "../../../../web/render.ts";
import { originOf } from "../../accounts/session.ts";
import type { AppContext } from "../../app-env.ts";
import { servicesOf } from "../../compose.ts";
import { pageForSignedIn } from "../../profile/page-for-signed-in.ts";
import { removePerson } from "../../profile/removal.ts";
import { forgetShopperAndSession } from "../../profile/signed-out.ts";
import { refuse } from "../../refuse.ts";
import type { App } from "../register.ts";
import { accountPage } from "./account-forms.ts";
import { signInHref } from "./account-sign-in.tsx";
import { readForm } from "./form.ts";
import { siteOf } from "./site.ts";

const HOME = "/account/data";

export function registerAccountData(app: App): void {
  app.get(HOME, pageForSignedIn(HOME, show));
  app.post(`${HOME}/delete`, pageForSignedIn(HOME, remove));
}

async function show(c: AppContext): Promise<Response> {
  const { ok: isRecent } = await recentSession(c);
  const message = c.req.query("said");
  return accountPage(
    c,
    renderPage(
      <AccountDataPage
        site={siteOf(c)}
        message={isProfileMessage(message) ? message : null}
        signInHref={isRecent ? null : signInHref(HOME, { again: true })}
      />,
    ),
  );
}

async function remove(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  if (form.fields.get("agreed") !== "yes") return c.redirect(`${HOME}?said=not_agreed`, 303);
  const recent = await recentSession(c);
  if (!recent.ok) return c.redirect(signInHref(HOME, { again: true }), 303);
  await removePerson(c, recent.signedIn);
  forgetShopperAndSession(c);
  return accountPage(c, renderPage(<AccountGonePage site={siteOf(c)} />));
}

function recentSession(c: AppContext) {
  return servicesOf(c.env).accounts(originOf(c)).recentSession(c.req.raw.headers);
}
