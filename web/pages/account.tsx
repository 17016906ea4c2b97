/** The overview of an account: who is signed in, the way to everything that is theirs, and the name they are greeted by. */
import { AnswerNotice, NO_ANSWER, type AccountAnswer } from "../components/account-entry.tsx";
import { NameField } from "../components/account-fields.tsx";
import { AccountFrame } from "../components/account-frame.tsx";
import type { SiteContext } from "../site.ts";

export interface AccountPageProps {
  readonly site: SiteContext;
  readonly name: string;
  readonly email: string;
  readonly answer?: AccountAnswer;
  /** As typed into the form for another one. */
  readonly newName?: string;
}

const WAYS = [
  ["/account/orders", "Orders", "Where they stand, and ordering again"],
  ["/account/wishlist", "Wish list", "What you keep an eye on"],
  ["/account/addresses", "Addresses", "Where your parcels go"],
  ["/account/security", "Sign-in and security", "Password, passkeys, devices"],
  ["/account/data", "Your data", "Take it with you, or delete it"],
] as const;

export function AccountPage(props: AccountPageProps) {
  const { site, name, email, answer = NO_ANSWER, newName = name } = props;
  return (
    <AccountFrame
      site={site}
      section="overview"
      title={`Hello, ${name}`}
      lead={`You are signed in as ${email}.`}
      notice={<AnswerNotice answer={answer} />}
    >
      <ul class="account-ways">
        {WAYS.map(([href, title, text]) => (
          <li>
            <a class="account-way" href={href}>
              <span class="account-way-title">{title}</span>
              <span class="fine">{text}</span>
            </a>
          </li>
        ))}
      </ul>
      <section class="panel" aria-labelledby="account-name">
        <h2 id="account-name" class="panel-title">
          Name
        </h2>
        <form class="form entry-form" method="post" action="/account/name">
          <NameField value={newName} errors={answer.errors} hint="How we greet you." />
          <button class="button button-small" type="submit">
            Change the name
          </button>
        </form>
      </section>
      <form method="post" action="/account/sign-out">
        <button class="button button-small" data-look="quiet" type="submit">
          Sign out
        </button>
      </form>
    </AccountFrame>
  );
}
