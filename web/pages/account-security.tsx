/**
 * What protects an account: its address, its password, its passkeys, and where it is signed in. Every change is a form of its
 * own and works without JavaScript; only making a passkey needs it, and says so.
 */
import { NO_ANSWER, AnswerNotice, type AccountAnswer } from "../components/account-entry.tsx";
import type { Shown } from "../components/again-note.tsx";
import { EmailField, NewPasswordField, PasswordField } from "../components/account-fields.tsx";
import { AccountFrame } from "../components/account-frame.tsx";
import { PasskeyPanel, type PasskeyView } from "../components/passkey-panel.tsx";
import { SessionPanel, type SessionView } from "../components/session-panel.tsx";
import type { SiteContext } from "../site.ts";

export interface SecurityPageProps {
  readonly site: SiteContext;
  readonly email: string;
  /** As typed into the form for a new address. */
  readonly newEmail?: string;
  readonly sessions: Shown<SessionView>;
  readonly passkeys: Shown<PasskeyView>;
  readonly answer?: AccountAnswer;
}

export function SecurityPage(props: SecurityPageProps) {
  const { site, email, newEmail = "", sessions, passkeys, answer = NO_ANSWER } = props;
  const { errors } = answer;
  return (
    <AccountFrame
      site={site}
      section="security"
      title="Sign-in and security"
      notice={<AnswerNotice answer={answer} />}
    >
      <section class="panel" aria-labelledby="security-password">
        <h2 id="security-password" class="panel-title">
          Password
        </h2>
        <form class="form entry-form" method="post" action="/account/security/password">
          {/* Tells a password manager whose password it is. */}
          <input type="text" name="username" value={email} autocomplete="username" hidden readonly />
          <PasswordField name="currentPassword" errors={errors} />
          <NewPasswordField name="newPassword" errors={errors} />
          <button class="button button-small" type="submit">
            Change the password
          </button>
          <p class="fine">Every other device is signed out then.</p>
        </form>
      </section>
      <PasskeyPanel passkeys={passkeys} />
      <section class="panel" aria-labelledby="security-email">
        <h2 id="security-email" class="panel-title">
          E-mail address
        </h2>
        <p>
          Your address is <strong>{email}</strong>.
        </p>
        <form class="form entry-form" method="post" action="/account/security/email">
          <EmailField
            name="newEmail"
            autocomplete="email"
            value={newEmail}
            errors={errors}
            hint="We ask at both addresses before anything changes."
          />
          <button class="button button-small" type="submit">
            Change the address
          </button>
        </form>
      </section>
      <SessionPanel sessions={sessions} />
    </AccountFrame>
  );
}
