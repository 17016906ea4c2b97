/** A link is on its way, if there is where to send it: the same words for every address. */
import { AccountEntry, type AccountAnswer } from "../components/account-entry.tsx";
import type { SiteContext } from "../site.ts";

export interface MailSentPageProps {
  readonly site: SiteContext;
  readonly purpose: "confirm" | "reset";
  /** As typed: whoever mistyped it sees so here. */
  readonly email: string;
  readonly answer: AccountAnswer;
}

const TEXTS = {
  confirm: {
    again: "/account/confirm",
    expect: "Open the link in it to confirm the address: then your account is ready.",
    other: ["/account/sign-up", "Use another address"],
  },
  reset: {
    again: "/account/forgot",
    expect: "If there is an account for it, the link in it lets you choose a new password.",
    other: ["/account/forgot", "Use another address"],
  },
} as const;

export function MailSentPage({ site, purpose, email, answer }: MailSentPageProps) {
  const { again, expect, other } = TEXTS[purpose];
  return (
    <AccountEntry
      site={site}
      title="Look in your mail"
      lead={
        <>
          We have sent a message to <strong>{email}</strong>. {expect}
        </>
      }
      answer={answer}
    >
      <p>The link works once, within an hour. Nothing there? Look among what is marked as spam.</p>
      <form class="entry-row" method="post" action={again} data-submit-once="Sending…">
        <input type="hidden" name="email" value={email} />
        <button class="button button-small" data-look="quiet" type="submit" data-submit-button>
          Send it again
        </button>
        <a class="text-link" href={other[0]}>
          {other[1]}
        </a>
      </form>
    </AccountEntry>
  );
}
