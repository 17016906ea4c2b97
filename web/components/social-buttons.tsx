/** Signing in with an account somewhere else, where the store offers it. */
import type { SocialProvider } from "../../src/contracts/accounts.ts";

const PROVIDER_NAMES: Readonly<Record<SocialProvider, string>> = { google: "Google", apple: "Apple" };

export function SocialButtons({ providers }: { readonly providers: readonly SocialProvider[] }) {
  return (
    <>
      {providers.map((provider) => (
        <form method="post" action="/account/sign-in/with">
          <button class="button button-wide" data-look="quiet" type="submit" name="provider" value={provider}>
            Continue with {PROVIDER_NAMES[provider]}
          </button>
        </form>
      ))}
    </>
  );
}
