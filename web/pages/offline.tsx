/**
 * No network: kept in the browser by the service worker and shown at whatever address could not be reached, so it says
 * nothing of that address, of the catalog or of a shopper. Props: `OfflinePageProps`.
 */
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";
import { OfflineIcon } from "../components/icons.tsx";

export interface OfflinePageProps {
  readonly site: SiteContext;
}

export function OfflinePage({ site }: OfflinePageProps) {
  return (
    <Document site={site} title="You are offline" script="offline" quietHeader>
      <div class="wrap section plain">
        <OfflineIcon class="plain-icon" />
        <h1>You are offline</h1>
        <p class="lead" role="status" data-offline-state>
          We cannot reach the store from here just now. This page tries again by itself and takes you on as
          soon as there is a connection.
        </p>
        <p class="plain-actions">
          <a class="button" href="">
            Try now
          </a>
        </p>
        <div class="prose plain-prose">
          <h2>What still holds</h2>
          <ul>
            <li>
              <strong>What you reserved stays reserved</strong> until its time is up. That time runs on our
              side and does not stop while you are away.
            </li>
            <li>
              <strong>Nothing is charged twice.</strong> If you had just pressed the button, your order’s page
              tells what became of it.
            </li>
            <li>
              <strong>Your cart is kept.</strong> It will be as you left it.
            </li>
          </ul>
        </div>
      </div>
    </Document>
  );
}
