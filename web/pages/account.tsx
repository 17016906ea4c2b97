/** The overview of an account: who is signed in, and the way to everything that is theirs. */
import { AccountFrame } from "../components/account-frame.tsx";
import { AccountNotice, type AccountMessage } from "../components/account-notice.tsx";
import type { SiteContext } from "../site.ts";

export interface AccountPageProps {
  readonly site: SiteContext;
  readonly name: string;
  readonly email: string;
  readonly message: AccountMessage | null;
}

const WAYS = [
  ["/account/orders", "Orders", "Where they stand, and ordering again"],
  ["/account/wishlist", "Wish list", "What you keep an eye on"],
  ["/account/addresses", "Addresses", "Where your parcels go"],
  ["/account/security", "Sign-in and security", "Password, passkeys, devices"],
  ["/account/data", "Your data", "Take it with you, or delete it"],
] as const;

export function AccountPage({ site, name, email, message }: AccountPageProps) {
  return (
    <AccountFrame
      site={site}
      section="overview"
      title={`Hello, ${name}`}
      lead={`You are signed in as ${email}.`}
      notice={message !== null && <AccountNotice message={message} />}
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
      <form method="post" action="/account/sign-out">
        <button class="button button-small" data-look="quiet" type="submit">
          Sign out
        </button>
      </form>
    </AccountFrame>
  );
}
