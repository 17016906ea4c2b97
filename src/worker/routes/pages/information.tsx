/** The pages that are read: help, shipping, returns, privacy, design; and the one for those who are offline. They change with a deploy. */
import { DesignPage } from "../../../../web/pages/design.tsx";
import { HelpPage } from "../../../../web/pages/help.tsx";
import { OfflinePage } from "../../../../web/pages/offline.tsx";
import { PrivacyPage } from "../../../../web/pages/privacy.tsx";
import { ReturnsPage } from "../../../../web/pages/returns.tsx";
import { ShippingPage } from "../../../../web/pages/shipping.tsx";
import { renderPage } from "../../../../web/render.ts";
import type { AppContext } from "../../app-env.ts";
import { RATES_TAG, sharedPage, type Lifetime } from "../../caching.ts";
import { servicesOf } from "../../compose.ts";
import { limitReads } from "../../middleware/read-limit.ts";
import type { App } from "../register.ts";
import { siteOf } from "./site.ts";

/** Nothing but a deploy changes most of these pages, and the former ones name files that stay a while. */
const INFORMATION_LIFETIME: Lifetime = { freshSeconds: 3_600, staleSeconds: 86_400 };
/** Dropped together, should their words have to change at once. */
const INFORMATION_TAG = "information";

const MINUTE_MS = 60_000;

export function registerInformationPages(app: App): void {
  page(app, "/help", (c) => {
    const { holdMs, windowMs } = servicesOf(c.env).durations;
    return (
      <HelpPage
        site={siteOf(c)}
        contactEmail={contactEmail(c)}
        holdMinutes={Math.round(holdMs / MINUTE_MS)}
        paymentMinutes={Math.round(windowMs / MINUTE_MS)}
      />
    );
  });
  app.get("/shipping", limitReads, async (c) => {
    const { rates } = await servicesOf(c.env).catalog.index();
    const html = renderPage(<ShippingPage site={siteOf(c)} rates={rates} />);
    return sharedPage(c, html, { tags: [INFORMATION_TAG, RATES_TAG] });
  });
  page(app, "/returns", (c) => <ReturnsPage site={siteOf(c)} contactEmail={contactEmail(c)} />);
  page(app, "/privacy", (c) => <PrivacyPage site={siteOf(c)} contactEmail={contactEmail(c)} />);
  page(app, "/design", (c) => <DesignPage site={siteOf(c)} now={Date.now()} />);
  page(app, "/offline", (c) => <OfflinePage site={siteOf(c)} />);
}

function page(app: App, path: string, render: (c: AppContext) => Parameters<typeof renderPage>[0]): void {
  app.get(path, limitReads, (c) =>
    sharedPage(c, renderPage(render(c)), { tags: [INFORMATION_TAG], lifetime: INFORMATION_LIFETIME }),
  );
}

/** Whoever answers an order's e-mail reaches the same people, so it is the same address. */
function contactEmail(c: AppContext): string {
  const from: string = c.env.EMAIL_FROM;
  return /<([^<>]+)>/.exec(from)?.[1] ?? from;
}
