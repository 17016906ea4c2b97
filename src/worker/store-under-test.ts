/**
 * The whole Worker for tests inside workerd: real objects and queues, signing keys, and a catalog from the edge cache. No
 * Postgres, Redis or Stripe: what needs them says so, and selling does not.
 */
/// <reference types="@cloudflare/vitest-plugin/types" />
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env as bindings } from "cloudflare:workers";
import {
  writtenPage,
  type CatalogProduct,
  type CatalogRoot,
  type IndexEntry,
} from "../adapters/catalog/content.ts";
import type { ShippingMethod } from "../domain/shipping.ts";
import { createApp } from "./app.ts";

export const ORIGIN = "https://store.example";
/** Where the catalog keeps its copies (src/adapters/catalog/copies.ts). */
const CATALOG_COPIES_URL = "https://catalog.holdfast.internal/v4";

/** Two methods to four countries; VAT in Germany is part of the prices, sales tax in Washington is added to them. */
const TEST_RATES: CatalogRoot["rates"] = {
  revision: 1,
  zones: [
    {
      code: "world",
      name: "World",
      countries: ["CA", "DE", "JP", "US"],
      methods: [
        method({ code: "standard", name: "Standard", amountMinor: 0, leastDays: 3, mostDays: 5 }),
        method({ code: "express", name: "Express", amountMinor: 1_900, leastDays: 1, mostDays: 2 }),
      ],
    },
    {
      code: "gb",
      name: "Great Britain",
      countries: ["GB"],
      methods: [
        method({
          code: "courier",
          name: "Courier",
          amountMinor: 700,
          freeFromMinor: 50_000,
          leastDays: 2,
          mostDays: 4,
        }),
      ],
    },
  ],
  taxes: [
    { country: "DE", region: "", name: "VAT", basisPoints: 1_900, included: true, onShipping: true },
    { country: "US", region: "WA", name: "Sales tax", basisPoints: 650, included: false, onShipping: false },
  ],
};

export const PHONE = "PHONE-128-BLACK";
export const CABLE = "CABLE-1M";

/** Every secret and address is set here: what a developer's `.dev.vars` says must not reach a test. */
export const testEnv: Env = {
  ...bindings,
  DATABASE_URL: "",
  DATABASE_REPLICA_URLS: "",
  NEON_PROXY_URL: "",
  UPSTASH_REDIS_REST_URL: "",
  UPSTASH_REDIS_REST_TOKEN: "",
  STRIPE_API_URL: "https://api.stripe.com",
  STRIPE_JS_URL: "https://js.stripe.com/v3/",
  STRIPE_SECRET_KEY: "sk_test_unused",
  STRIPE_PUBLISHABLE_KEY: "pk_test_unused",
  STRIPE_WEBHOOK_SECRET: "whsec_test",
  SIGNING_KEYS: "v1:0123456789abcdef0123456789abcdef",
  TURNSTILE_SITE_KEY: "",
  TURNSTILE_SECRET_KEY: "",
  TURNSTILE_URL: "https://challenges.cloudflare.com/turnstile/v0/api.js",
  TURNSTILE_VERIFY_URL: "http://turnstile.invalid/siteverify",
  CHALLENGE_WAIT_SECONDS: "30",
  STORE_ORIGIN: "",
  IMAGE_DELIVERY: "files",
  ACCESS_ISSUER: "",
  ACCESS_AUDIENCE: "",
};

const app = createApp();

export interface TestRequest extends RequestInit {
  /** Bindings that stand in for the real ones. */
  readonly env?: Partial<Env>;
}

/** Sends a request through the app and waits for its background work. */
export async function send(path: string, { env = {}, ...init }: TestRequest = {}): Promise<Response> {
  const ctx = createExecutionContext();
  const response = await app.fetch(new Request(ORIGIN + path, init), { ...testEnv, ...env }, ctx);
  await waitOnExecutionContext(ctx);
  return response;
}

/** A JSON request, as a client of the API sends it. */
export async function sendJson(
  method: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return await send(path, {
    method,
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** A posted form, as a browser without JavaScript sends it. */
export async function sendForm(
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return await send(path, {
    method: "POST",
    headers: { "sec-fetch-site": "same-origin", ...headers },
    body: new URLSearchParams(fields),
    redirect: "manual",
  });
}

/** What a page of the checkout has the shopper agree to: its form's hidden fields, for the items and for their totals. */
export function agreedIn(html: string): { agreed: string; totals: string } {
  const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? "";
  return { agreed: field("agreed"), totals: field("totals") };
}

/** The same of the checkout as it is now in a browser with these cookies. */
export async function agreedNow(cookie: string): Promise<ReturnType<typeof agreedIn>> {
  return agreedIn(await (await send("/checkout", { headers: { cookie } })).text());
}

/** Puts a small catalog where the store looks for its copies. */
export async function keepTestCatalog(): Promise<void> {
  await keepTestCatalogWith([]);
}

/** The same with more products in it. */
export async function keepTestCatalogWith(more: readonly CatalogProduct[]): Promise<void> {
  const products = [
    testProduct("phone", "phones", PHONE, 50, 1, 99_900),
    testProduct("cable", "accessories", CABLE, 500, null, 1_900),
    ...more,
  ];
  const now = Date.now();
  const root: CatalogRoot = {
    version: 1,
    confirmedAt: now,
    pagesKeptAt: now,
    pages: { "0": 1 },
    rates: TEST_RATES,
  };
  await Promise.all([
    ...products.map((product) => keepCopy(`product/${product.product.slug}`, JSON.stringify(product))),
    keepCopy("page/0", writtenPage({ revision: 1, entries: products.map(listed) })),
    keepCopy("root", JSON.stringify(root)),
  ]);
}

function method(
  given: Partial<ShippingMethod> &
    Pick<ShippingMethod, "code" | "name" | "amountMinor" | "leastDays" | "mostDays">,
) {
  return { freeFromMinor: null, currency: "USD", ...given };
}

async function keepCopy(name: string, text: string): Promise<void> {
  const headers = { "content-type": "application/json", "cache-control": "public, max-age=3600" };
  await caches.default.put(`${CATALOG_COPIES_URL}/${name}`, new Response(text, { headers }));
}

function listed(
  { product: { slug, name, category, skus }, revision }: CatalogProduct,
  position: number,
): IndexEntry {
  return {
    slug,
    name,
    category,
    position,
    revision,
    linkRevision: revision,
    opensAt: null,
    modifiedAt: Date.UTC(2026, 0, 1),
    skus: skus.map(({ sku }) => sku),
  };
}

export function testProduct(
  slug: string,
  category: string,
  sku: string,
  quantity: number,
  purchaseLimit: number | null,
  unitAmountMinor: number,
): CatalogProduct {
  return {
    revision: 1,
    product: {
      slug,
      name: `Test ${slug}`,
      description: "For tests.",
      category,
      images: [],
      options: [],
      skus: [
        {
          sku,
          name: `Test ${slug}`,
          options: {},
          price: { amount: unitAmountMinor, currency: "USD" },
          purchaseLimit,
        },
      ],
    },
    terms: {
      [sku]: {
        version: 1,
        unitAmountMinor,
        currency: "USD",
        purchaseLimit,
        opensAt: null,
        initialStock: { id: `initial:${sku}`, quantity },
      },
    },
  };
}

/** The cookies a response sets, as the next request sends them. */
export function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0] ?? "")
    .join("; ");
}
