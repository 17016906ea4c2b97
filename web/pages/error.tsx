/** Something went wrong on our side. Props: `ErrorPageProps`; `requestId` lets support find it in the logs. */
import { AlertIcon } from "../components/icons.tsx";
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";

export interface ErrorPageProps {
  readonly site: SiteContext;
  readonly requestId: string;
  /** Other words than the usual, e.g. for a form that was too large. Never an internal message. */
  readonly title?: string;
  readonly text?: string;
}

export function ErrorPage({ site, requestId, title, text }: ErrorPageProps) {
  return (
    <Document site={site} title={title ?? "Something went wrong"}>
      <div class="wrap section plain">
        <AlertIcon class="plain-icon" />
        <h1>{title ?? "Something went wrong on our side"}</h1>
        <p class="lead">
          {text ??
            "We could not show this page. Please try again in a moment. An order you placed is safe, and nothing is ever charged twice."}
        </p>
        <p class="plain-actions">
          <a class="button" href="/">
            Go to the store
          </a>
          <a class="button" data-look="quiet" href="/help">
            Help
          </a>
        </p>
        <p class="fine">
          If you write to us, please mention <code>{requestId}</code>.
        </p>
      </div>
    </Document>
  );
}
