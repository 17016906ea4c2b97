/** Choosing a new password by the link of an e-mail. `POST /account/reset` with `token` and `newPassword`. */
import { AccountEntry, type AccountAnswer } from "../components/account-entry.tsx";
import { NewPasswordField } from "../components/account-fields.tsx";
import type { SiteContext } from "../site.ts";

export interface ResetPageProps {
  readonly site: SiteContext;
  /** The right of the link; null where it is used up, too old, or missing. */
  readonly token: string | null;
  readonly answer: AccountAnswer;
}

export function ResetPage({ site, token, answer }: ResetPageProps) {
  return (
    <AccountEntry
      site={site}
      title="Your new password"
      {...(token === null ? {} : { lead: "This signs out every device and removes your passkeys." })}
      answer={answer}
    >
      {token === null ? (
        <p class="entry-form">
          <a class="button" href="/account/forgot">
            Send a new link
          </a>
        </p>
      ) : (
        <form class="form entry-form" method="post" action="/account/reset" data-submit-once="One moment…">
          <input type="hidden" name="token" value={token} />
          <NewPasswordField name="newPassword" errors={answer.errors} />
          <button class="button button-wide" type="submit" data-submit-button>
            Set this password
          </button>
        </form>
      )}
    </AccountEntry>
  );
}
