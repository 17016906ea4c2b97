/** Asking for a link to choose a new password. `POST /account/forgot`; the answer is the same whether or not there is an account. */
import { AccountEntry, type AccountAnswer } from "../components/account-entry.tsx";
import { EmailField } from "../components/account-fields.tsx";
import type { SiteContext } from "../site.ts";

export interface ForgotPageProps {
  readonly site: SiteContext;
  readonly email: string;
  readonly answer: AccountAnswer;
}

export function ForgotPage({ site, email, answer }: ForgotPageProps) {
  return (
    <AccountEntry
      site={site}
      title="Choose a new password"
      lead="Tell us your address, and we send you a link."
      answer={answer}
    >
      <form class="form entry-form" method="post" action="/account/forgot" data-submit-once="Sending…">
        <EmailField value={email} errors={answer.errors} />
        <button class="button button-wide" type="submit" data-submit-button>
          Send the link
        </button>
      </form>
      <p class="entry-foot">
        You remember it after all? <a href="/account/sign-in">Sign in</a>.
      </p>
    </AccountEntry>
  );
}
