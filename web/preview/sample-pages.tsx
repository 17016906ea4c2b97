/** Every page in every state worth looking at, with made-up data: for the preview and for tests. Not part of the store. */
import type { AvailabilityItem, CartView, Product } from "../../src/contracts/catalog.ts";
import type { OrderView } from "../../src/contracts/orders.ts";
import type { SearchAnswer, SearchQuery } from "../../src/contracts/search.ts";
import type { OrderStatus } from "../../src/domain/order/status.ts";
import { EMPTY_CHECKOUT, type CheckoutValues } from "../components/checkout-values.ts";
import { EVERYTHING } from "../browse-address.ts";
import { imagesOf } from "../option-choice.ts";
import { CartPage } from "../pages/cart.tsx";
import { CheckoutPage } from "../pages/checkout.tsx";
import { DesignPage } from "../pages/design.tsx";
import { ErrorPage } from "../pages/error.tsx";
import { HelpPage } from "../pages/help.tsx";
import { HomePage } from "../pages/home.tsx";
import { ListingPage } from "../pages/listing.tsx";
import { NotFoundPage } from "../pages/not-found.tsx";
import { OfflinePage } from "../pages/offline.tsx";
import { OrderPage } from "../pages/order.tsx";
import { PaymentPage } from "../pages/payment.tsx";
import { PrivacyPage } from "../pages/privacy.tsx";
import { SearchPage } from "../pages/search.tsx";
import { ReturnsPage } from "../pages/returns.tsx";
import { ShippingPage } from "../pages/shipping.tsx";
import { WaitPage } from "../pages/wait.tsx";
import { renderPage } from "../render.ts";
import type { SiteContext } from "../site.ts";
import { sampleProductPages } from "./sample-products.tsx";
import { sampleAnswer } from "./sample-search.ts";

export interface SamplePage {
  readonly name: string;
  readonly html: string;
}

const site: SiteContext = { origin: "https://store.example" };
const SAMPLE_ORDER_ID = "a0123456789abcdefghjkmnpqrs12345678";

/**
 * @param products at least two, the first of them with options; one may have a `dropAt`
 * @param now epoch ms
 */
export function samplePages(products: readonly Product[], now: number): SamplePage[] {
  const [first, second] = products;
  if (first === undefined || second === undefined) throw new RangeError("the sample pages need two products");
  const drop = products.find((product) => product.dropAt !== undefined) ?? null;
  const cart = sampleCart([first, second]);
  const pages: Record<string, string> = {
    home: renderPage(<HomePage site={site} drop={drop} products={products} now={now} />),
    ...browsePages(products),
    ...sampleProductPages(site, products, now),
    cart: renderPage(<CartPage site={site} cart={cart} />),
    "cart-empty": renderPage(
      <CartPage site={site} cart={{ ...cart, lines: [], subtotal: { amount: 0, currency: "USD" } }} />,
    ),
    "cart-removed": renderPage(
      <CartPage
        site={site}
        cart={cart}
        removed={{ sku: "BRAID-CABLE-NAVY", name: "Braid cable, 1 m, Navy", quantity: 2 }}
        openOrder={{ orderId: SAMPLE_ORDER_ID, holdExpiresAt: new Date(now + 900_000).toISOString() }}
      />,
    ),
    "cart-long": renderPage(<CartPage site={site} cart={sampleCart(products.slice(0, 5))} />),
    "cart-sold-out": renderPage(
      <CartPage
        site={site}
        cart={{
          ...cart,
          lines: cart.lines.map((line, index) => (index === 0 ? { ...line, status: "sold_out" } : line)),
        }}
        problem="The cart takes up to 10 different items."
      />,
    ),
    ...checkoutPages(cart),
    ...orderPages(cart, now),
    ...informationPages(now),
    "not-found": renderPage(<NotFoundPage site={site} />),
    error: renderPage(<ErrorPage site={site} requestId="01JD8Z5Y3W4V6T7S8R9Q0P1N2M" />),
    wait: renderPage(<WaitPage site={site} retryAfterSeconds={5} retryHref="/" />),
  };
  return Object.entries(pages).map(([name, html]) => ({ name, html }));
}

function browsePages(products: readonly Product[]): Record<string, string> {
  const listing = (change: Partial<SearchQuery>) => {
    const query = { ...EVERYTHING, ...change };
    const answer = sampleAnswer(products, query);
    return renderPage(<ListingPage site={site} query={query} answer={answer} />);
  };
  const search = (change: Partial<SearchQuery>, more: Partial<SearchAnswer> = {}) => {
    const query = { ...EVERYTHING, ...change };
    const answer = query.q === "" ? null : { ...sampleAnswer(products, query), ...more };
    const popular =
      answer?.total === 0 || answer === null ? sampleAnswer(products, { ...EVERYTHING, limit: 4 }) : null;
    return renderPage(<SearchPage site={site} query={query} answer={answer} popular={popular} />);
  };
  const [color] = products[0]?.options.find(({ name }) => name === "color")?.values ?? [];
  return {
    listing: listing({}),
    "listing-category": listing({ category: products[0]?.category ?? "" }),
    "listing-filtered": listing({ color: [color?.value ?? ""], inStock: true, maxPrice: 150_000 }),
    "listing-nothing": listing({ storage: ["none"], inStock: true }),
    search: search({ q: "aurora" }, { nextCursor: "2", didYouMean: "aurora pro" }),
    "search-filtered": search({ q: "aurora", inStock: true, sort: "price_asc" }),
    "search-nothing": search({ q: "zeppelin" }),
    "search-start": search({}),
  };
}

function informationPages(now: number): Record<string, string> {
  const contactEmail = "orders@store.example";
  return {
    help: renderPage(
      <HelpPage site={site} contactEmail={contactEmail} holdMinutes={30} paymentMinutes={10} />,
    ),
    shipping: renderPage(<ShippingPage site={site} />),
    returns: renderPage(<ReturnsPage site={site} contactEmail={contactEmail} />),
    privacy: renderPage(<PrivacyPage site={site} contactEmail={contactEmail} />),
    offline: renderPage(<OfflinePage site={site} />),
    design: renderPage(<DesignPage site={site} now={now} />),
  };
}

function checkoutPages(cart: CartView): Record<string, string> {
  const filled: CheckoutValues = {
    ...EMPTY_CHECKOUT,
    email: "ada@example",
    name: "Ada Lovelace",
    line1: "1 Main Street",
    region: "IL",
    postalCode: "62701",
    shippingMethod: "express",
  };
  const common = { site, cart, idempotencyKey: "cart-1", holdSeconds: 1800, errors: [], answered: true };
  const refusedLines = cart.lines.map(({ sku, quantity }) => ({ sku, requested: quantity, available: 0 }));
  return {
    checkout: renderPage(<CheckoutPage {...common} values={EMPTY_CHECKOUT} refusal={null} />),
    "checkout-errors": renderPage(
      <CheckoutPage
        {...common}
        values={filled}
        refusal={null}
        errors={[
          { path: "shippingAddress.city", message: "Too small" },
          { path: "email", message: "Invalid email" },
        ]}
      />,
    ),
    "checkout-sold-out": renderPage(
      <CheckoutPage {...common} values={filled} refusal={{ kind: "sold_out", lines: refusedLines }} />,
    ),
    "checkout-limit": renderPage(
      <CheckoutPage
        {...common}
        values={filled}
        refusal={{ kind: "purchase_limit", lines: refusedLines, orderId: SAMPLE_ORDER_ID }}
      />,
    ),
    "checkout-open-order": renderPage(
      <CheckoutPage {...common} values={filled} refusal={{ kind: "open_order", orderId: SAMPLE_ORDER_ID }} />,
    ),
    "checkout-used-up": renderPage(
      <CheckoutPage {...common} values={filled} refusal={{ kind: "cart_used_up" }} />,
    ),
    "checkout-price": renderPage(
      <CheckoutPage
        {...common}
        values={filled}
        refusal={{ kind: "price_changed", formerTotal: 119900, currentTotal: 124900 }}
      />,
    ),
  };
}

function orderPages(cart: CartView, now: number): Record<string, string> {
  const order = (
    status: OrderStatus,
    before: readonly OrderStatus[] = [],
    more: Partial<OrderView> = {},
  ): OrderView => ({
    orderId: SAMPLE_ORDER_ID,
    status,
    version: 2,
    holdExpiresAt: new Date(now + 24.4 * 60_000).toISOString(),
    serverTime: new Date(now).toISOString(),
    shippingMethod: "express",
    lines: cart.lines.map(({ sku, name, quantity, unitPrice }) => ({ sku, name, quantity, unitPrice })),
    totals: {
      subtotal: cart.subtotal.amount,
      shipping: 1900,
      tax: 0,
      total: cart.subtotal.amount + 1900,
      currency: "USD",
    },
    timeline: [...before, status].map((step, index) => ({
      status: step,
      at: new Date(now - 300_000 + index * 60_000).toISOString(),
    })),
    ...more,
  });
  const page = (view: OrderView, paymentSubmitted = false) =>
    renderPage(<OrderPage site={site} order={view} paymentSubmitted={paymentSubmitted} />);
  const declined = { lastPaymentError: { code: "card_declined", message: "Your card was declined." } };
  return {
    pay: renderPage(<PaymentPage site={site} order={order("reserved")} stripeJsUrl="/stripe.js" />),
    "pay-declined": renderPage(
      <PaymentPage site={site} order={order("reserved", [], declined)} stripeJsUrl="/missing.js" />,
    ),
    "order-reserved": page(order("reserved")),
    "order-declined": page(order("reserved", [], declined)),
    "order-confirming": page(order("reserved"), true),
    "order-authorised": page(order("authorised", ["reserved"])),
    "order-paid": page(order("paid", ["reserved", "authorised"])),
    "order-shipped": page(
      order("shipped", ["reserved", "authorised", "paid"], {
        tracking: { carrier: "Post", trackingNumber: "PX 123 456" },
      }),
    ),
    "order-expired": page(order("expired", ["reserved"])),
    "order-cancelled": page(order("cancelled", ["reserved"])),
    "order-lost": page(order("cancelled", ["reserved", "authorised"])),
    "order-refunded": page(order("refunded", ["reserved", "authorised", "paid"])),
  };
}

function sampleCart(products: readonly Product[]): CartView {
  const lines = products.flatMap((product, index) => {
    const sku = product.skus[0];
    if (sku === undefined) return [];
    const [image] = imagesOf(product, sku);
    return [
      {
        sku: sku.sku,
        name: sku.name,
        quantity: index + 1,
        unitPrice: sku.price,
        status: index === 0 ? ("in_stock" as const) : ("low_stock" as const),
        available: index === 0 ? 40 : 4,
        purchaseLimit: sku.purchaseLimit,
        slug: product.slug,
        ...(image === undefined ? {} : { image }),
      },
    ];
  });
  const amount = lines.reduce((sum, line) => sum + line.quantity * line.unitPrice.amount, 0);
  return { revision: 3, lines, subtotal: { amount, currency: "USD" } };
}
