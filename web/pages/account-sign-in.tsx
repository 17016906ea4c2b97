/**
 * Signing in: by e-mail and password without JavaScript, by passkey with it, by Google or Apple where the store offers it.
 * `POST /account/sign-in` with `email`, `password`, `remember`, `next`; success answers 303 to `next`.
 */
import type { SocialProvider } from "../../src/contracts/accounts.ts";
import { AccountEntry, type AccountAnswer } from "../components/account-entry.tsx";
import { EmailField, PasswordField } from "../components/account-fields.tsx";
import { KeyIcon } from "../components/icons.tsx";
import { SocialButtons } from "../components/social-buttons.tsx";
import type { SiteContext } from "../site.ts";

export interface SignInPageProps {
  readonly site: SiteContext;
  readonly email: string;
  readonly remember: boolean;
  /** Path of the store's own where it goes on. */
  readonly next: string;
  readonly answer: AccountAnswer;
  readonly providers: readonly SocialProvider[];
}

export function SignInPage({ site, email, remember, next, answer, providers }: SignInPageProps) {
  return (
    <AccountEntry site={site} title="Sign in" answer={answer}>
      <form class="form entry-form" method="post" action="/account/sign-in" data-submit-once="Signing in…">
        <input type="hidden" name="next" value={next} />
        <EmailField autocomplete="username webauthn" value={email} errors={answer.errors} />
        <PasswordField name="password" errors={answer.errors} />
        <div class="entry-row">
          <label class="check">
            <input type="checkbox" name="remember" value="yes" checked={remember} />
            Stay signed in
          </label>
          <a class="text-link" href="/account/forgot">
            Forgot your password?
          </a>
        </div>
        <button class="button button-wide" type="submit" data-submit-button>
          Sign in
        </button>
      </form>
      <div class="entry-others">
        <button
          class="button button-wide"
          data-look="quiet"
          type="button"
          data-passkey-sign-in
          data-next={next}
          hidden
        >
          <KeyIcon />
          Sign in with a passkey
        </button>
        <SocialButtons providers={providers} />
        <p class="field-error" role="alert" data-passkey-problem hidden></p>
        <noscript>
          <p class="fine">Signing in with a passkey needs JavaScript. Your password works without.</p>
        </noscript>
      </div>
      <p class="entry-foot">
        New here? <a href="/account/sign-up">Make an account</a>. You can also buy without one, and{" "}
        <a href="/orders/find">find your order</a> again.
      </p>
    </AccountEntry>
  );
}
