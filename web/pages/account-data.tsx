/** One's own data: taking it away as a file, and deleting the account. Works without JavaScript. */
import { AccountFrame } from "../components/account-frame.tsx";
import { Notice } from "../components/notice.tsx";
import { ProfileNotice, type ProfileMessage } from "../components/profile-notice.tsx";
import type { SiteContext } from "../site.ts";

export interface AccountDataPageProps {
  readonly site: SiteContext;
  readonly message: ProfileMessage | null;
  /** Whether the sign-in is recent enough to delete; where not, the way to a new one stands here instead. */
  readonly signInHref: string | null;
}

export function AccountDataPage({ site, message, signInHref }: AccountDataPageProps) {
  return (
    <AccountFrame
      site={site}
      section="data"
      title="Your data"
      notice={message !== null && <ProfileNotice message={message} />}
    >
      <section class="panel" aria-labelledby="take">
        <h2 id="take" class="panel-title">
          Take it with you
        </h2>
        <p>
          Everything we keep about you as one file: your account, addresses, orders, wish list and the
          messages you asked for. Programs can read it (JSON).
        </p>
        <p>
          <a class="button" data-look="quiet" href="/api/me/export" download>
            Download your data
          </a>
        </p>
      </section>
      <section class="panel" aria-labelledby="delete">
        <h2 id="delete" class="panel-title">
          Delete your account
        </h2>
        <ul class="names">
          <li>Your name, e-mail address, addresses, wish list and sign-ins are removed at once.</li>
          <li>An order that is not paid for is cancelled, and nothing is charged.</li>
          <li>
            The law has us keep paid orders, but without you: what was bought stays, who bought it goes. A
            parcel still on its way keeps its address until it has arrived, at most 30 days.
          </li>
        </ul>
        <p>This cannot be undone.</p>
        {signInHref === null ? <DeleteForm /> : <SignInFirst href={signInHref} />}
      </section>
    </AccountFrame>
  );
}

function DeleteForm() {
  return (
    <form class="form-plain" method="post" action="/account/data/delete" data-submit-once="Deleting…">
      <label class="check">
        <input type="checkbox" name="agreed" value="yes" required />I want to delete my account
      </label>
      <button class="button" data-look="danger" type="submit" data-submit-button>
        Delete my account
      </button>
    </form>
  );
}

function SignInFirst({ href }: { readonly href: string }) {
  return (
    <Notice tone="info" title="Please sign in again first">
      <p>You signed in more than an hour ago. This makes sure that it is you.</p>
      <p>
        <a class="button button-small" data-look="quiet" href={href}>
          Sign in again
        </a>
      </p>
    </Notice>
  );
}
