/** Making an account. `POST /account/sign-up`; the answer is the same whether or not the address has one. */
import { AccountEntry, NO_ANSWER, type AccountAnswer } from "../components/account-entry.tsx";
import { EmailField, NameField, NewPasswordField } from "../components/account-fields.tsx";
import { PersonCheck, PersonCheckNotice, type PersonCheckView } from "../components/person-check.tsx";
import type { SiteContext } from "../site.ts";

export interface SignUpPageProps {
  readonly site: SiteContext;
  readonly name: string;
  readonly email: string;
  readonly answer: AccountAnswer;
  /** How one proves to be a person; null where nothing is asked. */
  readonly personCheck?: PersonCheckView | null;
}

export function SignUpPage({ site, name, email, answer, personCheck = null }: SignUpPageProps) {
  const { errors } = answer;
  const isCaught = answer.message === "caught" && personCheck !== null;
  return (
    <AccountEntry
      site={site}
      title="Make an account"
      lead="Your orders, addresses and wish list in one place. What you ordered without an account joins it."
      answer={isCaught ? NO_ANSWER : answer}
    >
      {isCaught && <PersonCheckNotice secondsLeft={personCheck.secondsLeft} />}
      <form class="form entry-form" method="post" action="/account/sign-up" data-submit-once="One moment…">
        <NameField value={name} errors={errors} />
        <EmailField value={email} errors={errors} hint="We send a link there to see that it is yours." />
        <NewPasswordField name="password" errors={errors} />
        <PersonCheck check={personCheck} />
        <button class="button button-wide" type="submit" data-submit-button>
          Make an account
        </button>
        <p class="fine">
          What we keep about you, and how to have it deleted, is on the page about{" "}
          <a href="/privacy">privacy</a>.
        </p>
      </form>
      <p class="entry-foot">
        You have one already? <a href="/account/sign-in">Sign in</a>.
      </p>
    </AccountEntry>
  );
}
