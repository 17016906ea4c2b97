/** The pages that are read say what the code does: its prices, its times, its cookies. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COUNTRIES_KNOWN } from "../../src/domain/countries.ts";
import { deliveryEstimate } from "../../src/domain/delivery-estimate.ts";
import { formatMoney } from "../../src/domain/money.ts";
import { shippingCountries } from "../components/countries.ts";
import { SAMPLE_RATES } from "../preview/sample-rates.ts";
import { renderPage } from "../render.ts";
import { HelpPage } from "./help.tsx";
import { OfflinePage } from "./offline.tsx";
import { PrivacyPage } from "./privacy.tsx";
import { ReturnsPage } from "./returns.tsx";
import { ShippingPage } from "./shipping.tsx";
import { WaitPage } from "./wait.tsx";

const site = { origin: "https://store.example" };
const contactEmail = "people@store.example";
const METHODS = SAMPLE_RATES.zones[0]!.methods;
const EXPRESS = METHODS[1]!;
const DAY_MS = 24 * 60 * 60 * 1000;
const SOURCES = new URL("../../src/", import.meta.url).pathname;

/** Names given to cookies anywhere in the Worker, as `const CART_COOKIE = "cart"` or with their prefix. */
function cookieNames(): string[] {
  const sources = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.tsx?$/.test(name) && !name.includes(".test.") && !name.includes("openapi/"),
  );
  return sources.flatMap((name) =>
    [...readFileSync(join(SOURCES, name), "utf8").matchAll(/(?:_COOKIE = "|"__Host-)([\w-]+)"/g)].map(
      ([, cookie = ""]) => cookie,
    ),
  );
}

/** @param start midnight UTC of a day, as `end` (epoch ms) */
function workingDaysBetween(start: number, end: number): number {
  let count = 0;
  for (let day = start + DAY_MS; day <= end; day += DAY_MS)
    if (![0, 6].includes(new Date(day).getUTCDay())) count += 1;
  return count;
}

describe("the privacy page", () => {
  const html = renderPage(PrivacyPage({ site, contactEmail }));

  it("names every cookie that the Worker sets, and no other", () => {
    const told = [...html.matchAll(/<code>__Host-([\w-]+) ?<\/code>/g)].map(([, name]) => name);
    expect([...new Set(told)].sort()).toEqual([...new Set(cookieNames())].sort());
  });

  it("says where to write for one's rights", () => {
    expect(html).toContain(`href="mailto:${contactEmail}"`);
  });
});

describe("the shipping page", () => {
  const html = renderPage(ShippingPage({ site, rates: SAMPLE_RATES }));

  it("asks what the checkout asks", () => {
    expect(html).toContain(formatMoney({ amount: 1900, currency: "USD" }));
    expect(html).toContain("<td>Free</td>");
    expect(html).toContain("taxes are included in our prices");
  });

  it("promises no price that only holds in one zone, and no total that a tax is added to", () => {
    const [zone] = SAMPLE_RATES.zones;
    const far = {
      ...zone!,
      code: "far",
      name: "Far away",
      countries: ["NZ"],
      methods: zone!.methods.slice(1),
    };
    const near = { ...zone!, countries: ["US"] };
    const added = { country: "US", region: "WA", name: "Sales tax", basisPoints: 650, included: false };
    const taxes = [{ ...added, onShipping: false }];
    const page = renderPage(ShippingPage({ site, rates: { revision: 2, zones: [near, far], taxes } }));
    expect(page).not.toMatch(/Free standard shipping|included in our prices/);
    expect(page).toContain("Far away: prices per order");
  });

  it("tells the days that the dates at checkout come from", () => {
    const monday = Date.parse("2026-11-23T00:00:00Z");
    for (const method of METHODS) {
      const { from, to } = deliveryEstimate(method, monday);
      const [least, most] = [workingDaysBetween(monday, from), workingDaysBetween(monday, to)];
      expect(html).toContain(`${String(least)} to ${String(most)} working days`);
    }
  });

  it("tells until when an order leaves the same day", () => {
    const [, hour] = /before (\d+):00 UTC/.exec(html) ?? [];
    const at = (minutes: number) => Date.parse("2026-11-23T00:00:00Z") + minutes * 60_000;
    const cutOff = Number(hour) * 60;
    expect(deliveryEstimate(EXPRESS, at(cutOff - 1))).toEqual(deliveryEstimate(EXPRESS, at(0)));
    expect(deliveryEstimate(EXPRESS, at(cutOff))).not.toEqual(deliveryEstimate(EXPRESS, at(0)));
  });

  it("lists every country that the checkout ships to", () => {
    for (const { name } of shippingCountries(COUNTRIES_KNOWN)) expect(html).toContain(`<li>${name}</li>`);
  });
});

describe("the help page", () => {
  it("tells the times of this deployment", () => {
    const html = renderPage(HelpPage({ site, contactEmail, holdMinutes: 45, paymentMinutes: 1 }));
    expect(html).toContain("45 minutes from the moment you reserve");
    expect(html).toMatch(/still has 1 minute from then/);
  });

  it("gives every answer an address of its own", () => {
    const html = renderPage(HelpPage({ site, contactEmail, holdMinutes: 30, paymentMinutes: 10 }));
    const ids = [...html.matchAll(/class="faq-answer" id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThan(5);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("pages of one kind", () => {
  const pages = {
    "/help": HelpPage({ site, contactEmail, holdMinutes: 30, paymentMinutes: 10 }),
    "/shipping": ShippingPage({ site, rates: SAMPLE_RATES }),
    "/returns": ReturnsPage({ site, contactEmail }),
    "/privacy": PrivacyPage({ site, contactEmail }),
  };

  it.each(Object.entries(pages))("%s says in its neighbours' list which one it is", (path, page) => {
    const html = renderPage(page);
    expect(html).toContain(`<a href="${path}" aria-current="page">`);
    expect(html.match(/aria-current="page"/g)).toHaveLength(1);
    expect(html).toContain(`<link rel="canonical" href="https://store.example${path}"`);
  });

  it("the offline page names nothing of where it is shown, and is not for search engines", () => {
    const html = renderPage(OfflinePage({ site }));
    expect(html).toContain('content="noindex"');
    expect(html).not.toContain("data-cart-count-number>1");
    expect(html).toMatch(/<script type="module" src="\/assets\/offline-/);
  });
});

describe("the waiting page", () => {
  it("asks again by its own code, and only without scripts by its head, which takes no page from anybody's hands", () => {
    const html = renderPage(WaitPage({ site, retryAfterSeconds: 4.2, retryHref: "/" }));
    expect(html).toContain('data-retry-seconds="5"');
    expect(html).toMatch(/<noscript><meta http-equiv="refresh" content="5" ?\/><\/noscript>/);
    expect(html.match(/http-equiv="refresh"/g)).toHaveLength(1);
  });

  it("repeats nothing that was sent", () => {
    expect(renderPage(WaitPage({ site, retryAfterSeconds: 5 }))).not.toMatch(/refresh|data-retry-seconds/);
  });
});
