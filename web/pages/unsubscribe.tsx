/**
 * The way out of e-mails about stock: asks once, then says that it is done. Mail programs post to the same address without
 * showing it (RFC 8058). Not for search engines.
 */
import { BellIcon, CheckIcon } from "../components/icons.tsx";
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";

export interface UnsubscribePageProps {
  readonly site: SiteContext;
  /** The right to end the e-mails to one address. */
  readonly token: string;
  readonly done: boolean;
}

export function UnsubscribePage({ site, token, done }: UnsubscribePageProps) {
  const Icon = done ? CheckIcon : BellIcon;
  return (
    <Document site={site} title={done ? "Messages ended" : "End these messages"}>
      <div class="wrap plain">
        <Icon class="plain-icon" />
        <h1>{done ? "These messages have ended" : "No more messages about stock?"}</h1>
        <p class="lead">
          {done
            ? "We have ended every request to be told about stock that was made for your address. Messages about your orders still come."
            : "This ends every request to be told about stock that was made for your address. Messages about your orders still come."}
        </p>
        {done ? (
          <p class="plain-actions">
            <a class="button" href="/">
              Go to the store
            </a>
          </p>
        ) : (
          <form class="plain-actions" method="post" action={unsubscribeHref(token)}>
            <button class="button" type="submit">
              End these messages
            </button>
          </form>
        )}
      </div>
    </Document>
  );
}

function unsubscribeHref(token: string): string {
  return `/notices/unsubscribe?token=${encodeURIComponent(token)}`;
}
