/** After an account was deleted: the last word. */
import { CheckIcon } from "../components/icons.tsx";
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";

export function AccountGonePage({ site }: { readonly site: SiteContext }) {
  return (
    <Document site={site} title="Your account is deleted">
      <div class="wrap plain">
        <CheckIcon class="plain-icon" />
        <h1>Your account is deleted</h1>
        <p class="lead">
          You are signed out everywhere, and what we kept about you is gone. Thank you for having been here.
        </p>
        <p class="plain-actions">
          <a class="button" href="/">
            Go to the store
          </a>
        </p>
      </div>
    </Document>
  );
}
