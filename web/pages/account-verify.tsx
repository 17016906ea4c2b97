/**
 * What the link of an e-mail about an address leads to: it says what the link is for, and a button does it. Opening the page changes
 * nothing. `POST /account/verify` with `token`, and `password` or `newPassword` where one is asked for.
 */
import { AccountEntry, type AccountAnswer } from "../components/account-entry.tsx";
import { NewPasswordField, PasswordField } from "../components/account-fields.tsx";
import type { SiteContext } from "../site.ts";

/** What the link is a right to. */
export type VerifyStep =
  | { readonly kind: "verify_address"; readonly email: string }
  | { readonly kind: "agree_to_change"; readonly email: string; readonly newEmail: string }
  | {
      readonly kind: "change_address";
      readonly email: string;
      readonly newEmail: string;
      /** This browser signed in to the account within the last hour: no password is asked for. */
      readonly isOwnBrowser: boolean;
    };

export interface VerifyPageProps {
  readonly site: SiteContext;
  /** The right of the link. */
  readonly token: string;
  /** Null where the link is used up, too old, or not one of ours. */
  readonly step: VerifyStep | null;
  readonly answer: AccountAnswer;
}

export function VerifyPage({ site, token, step, answer }: VerifyPageProps) {
  if (step === null) {
    return (
      <AccountEntry site={site} title="Confirm your email" answer={answer}>
        <p class="entry-form">
          <a class="button" href="/account/sign-in">
            Sign in
          </a>
        </p>
      </AccountEntry>
    );
  }
  const form = { token, answer };
  switch (step.kind) {
    case "verify_address":
      return (
        <AccountEntry
          site={site}
          title="Confirm your email"
          lead={
            <>
              You’re confirming <strong>{step.email}</strong>.
            </>
          }
          answer={answer}
        >
          <KnownPasswordForm {...form} email={step.email} button="Confirm and sign in">
            Enter the password you chose when you created your account.
          </KnownPasswordForm>
          <h2 class="panel-title">Don’t know the password?</h2>
          <p>
            Choose a new one. It replaces any password set before, including one set by someone else who used
            your address.
          </p>
          <form class="form entry-form" method="post" action="/account/verify" data-submit-once="One moment…">
            <TokenField token={token} />
            <UsernameField email={step.email} />
            <NewPasswordField name="newPassword" errors={answer.errors} />
            <button class="button button-wide" data-look="quiet" type="submit" data-submit-button>
              Set password and sign in
            </button>
          </form>
        </AccountEntry>
      );
    case "agree_to_change":
      return (
        <AccountEntry
          site={site}
          title="Change your email?"
          lead={
            <>
              Your account would use <strong>{step.newEmail}</strong> instead of <strong>{step.email}</strong>
              . We’ll send a link to the new address to finish.
            </>
          }
          answer={answer}
        >
          <ButtonForm token={token} button="Continue" />
        </AccountEntry>
      );
    case "change_address":
      return (
        <AccountEntry
          site={site}
          title="Confirm your new email"
          lead={
            <>
              Your account will use <strong>{step.newEmail}</strong> instead of <strong>{step.email}</strong>.
            </>
          }
          answer={answer}
        >
          {step.isOwnBrowser ? (
            <ButtonForm token={token} button="Change email" />
          ) : (
            <>
              <KnownPasswordForm {...form} email={step.email} button="Change email">
                Enter your account’s password.
              </KnownPasswordForm>
              <p class="entry-foot">
                No password? <a href="/account/sign-in">Sign in</a> in this browser, then open the link again.
              </p>
            </>
          )}
        </AccountEntry>
      );
  }
}

interface KnownPasswordFormProps {
  readonly token: string;
  readonly email: string;
  readonly button: string;
  readonly answer: AccountAnswer;
  readonly children: string;
}

function KnownPasswordForm({ token, email, button, answer, children }: KnownPasswordFormProps) {
  return (
    <form class="form entry-form" method="post" action="/account/verify" data-submit-once="One moment…">
      <p>{children}</p>
      <TokenField token={token} />
      <UsernameField email={email} />
      <PasswordField name="password" errors={answer.errors} />
      <button class="button button-wide" type="submit" data-submit-button>
        {button}
      </button>
    </form>
  );
}

function ButtonForm({ token, button }: { readonly token: string; readonly button: string }) {
  return (
    <form class="form entry-form" method="post" action="/account/verify" data-submit-once="One moment…">
      <TokenField token={token} />
      <button class="button button-wide" type="submit" data-submit-button>
        {button}
      </button>
    </form>
  );
}

function TokenField({ token }: { readonly token: string }) {
  return <input type="hidden" name="token" value={token} />;
}

/** Tells a password manager whose password it is. */
function UsernameField({ email }: { readonly email: string }) {
  return <input type="text" name="username" value={email} autocomplete="username" hidden readonly />;
}
