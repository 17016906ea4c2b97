/**
 * Too many people at once: a calm page that tries again by itself, also without JavaScript. Answered with 429 or 503 and `Retry-After`.
 *
 * Props: `WaitPageProps`. `retryHref` only for requests that may be repeated (GET); after a form, leave it out: the page then points back.
 */
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";

export interface WaitPageProps {
  readonly site: SiteContext;
  readonly retryAfterSeconds: number;
  readonly retryHref?: string;
}

export function WaitPage({ site, retryAfterSeconds, retryHref }: WaitPageProps) {
  const seconds = Math.max(1, Math.ceil(retryAfterSeconds));
  return (
    <Document
      site={site}
      title="One moment"
      {...(retryHref === undefined ? {} : { refreshSeconds: seconds })}
    >
      <div class="wrap section plain" data-retry-seconds={retryHref === undefined ? undefined : seconds}>
        <span class="spinner spinner-large" aria-hidden="true"></span>
        <h1>One moment, please</h1>
        <p class="lead">
          Many people are here right now.{" "}
          {retryHref === undefined ? "Please go back and try again" : "This page tries again by itself"} in{" "}
          {`${seconds}\u00a0${seconds === 1 ? "second" : "seconds"}`}. Your cart and anything reserved for you
          are safe.
        </p>
        {retryHref !== undefined && (
          <p class="plain-actions">
            <a class="button" data-look="quiet" href={retryHref}>
              Try now
            </a>
          </p>
        )}
      </div>
    </Document>
  );
}
