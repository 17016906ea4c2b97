/** The pages of an account in every state worth looking at, with made-up people. Not part of the store. */
import { NO_ANSWER, type AccountAnswer } from "../components/account-entry.tsx";
import type { AccountMessage } from "../components/account-notice.tsx";
import type { PasskeyView } from "../components/passkey-panel.tsx";
import type { SessionView } from "../components/session-panel.tsx";
import { AccountPage } from "../pages/account.tsx";
import { ForgotPage } from "../pages/account-forgot.tsx";
import { MailSentPage } from "../pages/account-mail-sent.tsx";
import { ResetPage } from "../pages/account-reset.tsx";
import { SecurityPage } from "../pages/account-security.tsx";
import { SignInPage } from "../pages/account-sign-in.tsx";
import { SignUpPage } from "../pages/account-sign-up.tsx";
import { VerifyPage } from "../pages/account-verify.tsx";
import { renderPage } from "../render.ts";
import type { SiteContext } from "../site.ts";

const EMAIL = "ada@example.com";

function saying(message: AccountMessage): AccountAnswer {
  return { ...NO_ANSWER, message };
}

/** @param now epoch ms */
export function sampleAccountPages(site: SiteContext, now: number): Record<string, string> {
  return { ...entryPages(site), ...verifyPages(site), ...ownPages(site, now) };
}

function entryPages(site: SiteContext): Record<string, string> {
  const signIn = { site, email: "", remember: true, next: "/account", providers: [], answer: NO_ANSWER };
  const wrong: AccountAnswer = {
    ...NO_ANSWER,
    errors: new Map([
      ["name", "Enter your name."],
      ["password", "Choose a password of at least 10 characters."],
    ]),
  };
  return {
    "account-sign-in": renderPage(<SignInPage {...signIn} />),
    "account-sign-in-wrong": renderPage(
      <SignInPage {...signIn} email={EMAIL} answer={saying("wrong_credentials")} />,
    ),
    "account-sign-in-often": renderPage(
      <SignInPage {...signIn} email={EMAIL} answer={{ ...NO_ANSWER, retryAfterSeconds: 60 }} />,
    ),
    "account-sign-in-providers": renderPage(
      <SignInPage {...signIn} providers={["google", "apple"]} answer={saying("signed_out")} />,
    ),
    "account-sign-up": renderPage(<SignUpPage site={site} name="" email="" answer={NO_ANSWER} />),
    "account-sign-up-errors": renderPage(<SignUpPage site={site} name="" email={EMAIL} answer={wrong} />),
    "account-mail-sent": renderPage(
      <MailSentPage site={site} purpose="confirm" email={EMAIL} answer={NO_ANSWER} />,
    ),
    "account-forgot": renderPage(<ForgotPage site={site} email="" answer={NO_ANSWER} />),
    "account-reset": renderPage(<ResetPage site={site} token="a-token" answer={NO_ANSWER} />),
    "account-reset-expired": renderPage(
      <ResetPage site={site} token={null} answer={saying("link_expired")} />,
    ),
  };
}

function verifyPages(site: SiteContext): Record<string, string> {
  const shown = { site, token: "a-token", answer: NO_ANSWER };
  const change = { email: EMAIL, newEmail: "lovelace@example.com" };
  return {
    "account-verify": renderPage(<VerifyPage {...shown} step={{ kind: "verify_address", email: EMAIL }} />),
    "account-verify-wrong": renderPage(
      <VerifyPage
        {...shown}
        step={{ kind: "verify_address", email: EMAIL }}
        answer={saying("wrong_password_of_link")}
      />,
    ),
    "account-verify-expired": renderPage(
      <VerifyPage {...shown} step={null} answer={saying("confirm_expired")} />,
    ),
    "account-verify-agree": renderPage(
      <VerifyPage {...shown} step={{ kind: "agree_to_change", ...change }} />,
    ),
    "account-verify-change": renderPage(
      <VerifyPage {...shown} step={{ kind: "change_address", ...change, isOwnBrowser: false }} />,
    ),
  };
}

function ownPages(site: SiteContext, now: number): Record<string, string> {
  const session: SessionView = {
    id: "1",
    userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/18.0 Safari/605.1.15",
    address: "203.0.113.7",
    signedInAt: new Date(now - 60_000).toISOString(),
    isThis: true,
  };
  const phone: SessionView = {
    ...session,
    id: "2",
    userAgent: "Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36",
    address: "2001:db8:7:1::",
    isThis: false,
  };
  const passkey: PasskeyView = { id: "1", name: "My phone", createdAt: session.signedInAt };
  return {
    account: renderPage(
      <AccountPage site={site} name="Ada Lovelace" email={EMAIL} answer={saying("verified")} />,
    ),
    "account-security": renderPage(
      <SecurityPage
        site={site}
        email={EMAIL}
        sessions={{ kind: "shown", items: [session, phone] }}
        passkeys={{ kind: "shown", items: [passkey] }}
      />,
    ),
    "account-security-later": renderPage(
      <SecurityPage
        site={site}
        email={EMAIL}
        sessions={{ kind: "sign_in_again" }}
        passkeys={{ kind: "unavailable" }}
        answer={saying("wrong_password")}
      />,
    ),
  };
}
