/** The pages of a purchase in every state worth looking at, with made-up data. */
import type { AvailabilityItem, CartView, Product } from "../../src/contracts/catalog.ts";
import type { OrderView } from "../../src/contracts/orders.ts";
import { LIMIT_REACHED } from "../../src/domain/order/record.ts";
import type { OrderStatus } from "../../src/domain/order/status.ts";
import { estimateFor, quotesFor } from "../../src/domain/rates.ts";
import { EMPTY_CHECKOUT, type CheckoutValues } from "../components/checkout-values.ts";
import { imagesOf } from "../option-choice.ts";
import { CartPage } from "../pages/cart.tsx";
import { FindOrderPage } from "../pages/find-order.tsx";
import { CheckoutPage } from "../pages/checkout.tsx";
import { OrderPage } from "../pages/order.tsx";
import { PaymentPage } from "../pages/payment.tsx";
import { renderPage } from "../render.ts";
import type { SiteContext } from "../site.ts";
import { SAMPLE_RATES } from "./sample-rates.ts";

const SAMPLE_ORDER_ID = "a0123456789abcdefghjkmnpqrs12345678";

/**
 * @param products the first two are in the cart
 * @param now epoch ms
 */
export function samplePurchasePages(
  site: SiteContext,
  products: readonly Product[],
  now: number,
): Record<string, string> {
  const cart = sampleCart(products.slice(0, 2));
  const estimate = estimateFor(SAMPLE_RATES, { country: "US" }, pricedLines(cart), cart.subtotal.currency);
  return {
    cart: renderPage(<CartPage site={site} now={now} estimate={estimate} cart={cart} />),
    "cart-empty": renderPage(
      <CartPage
        site={site}
        now={now}
        estimate={estimate}
        cart={{ ...cart, lines: [], subtotal: { amount: 0, currency: "USD" } }}
      />,
    ),
    "cart-removed": renderPage(
      <CartPage
        site={site}
        now={now}
        estimate={estimate}
        cart={cart}
        removed={{ sku: "BRAID-CABLE-NAVY", name: "Braid cable, 1 m, Navy", quantity: 2 }}
        openOrder={{ orderId: SAMPLE_ORDER_ID, holdExpiresAt: new Date(now + 900_000).toISOString() }}
      />,
    ),
    "cart-waiting": renderPage(
      <CartPage
        site={site}
        now={now}
        estimate={estimate}
        cart={{
          ...cart,
          waiting: [
            { sku: "BRAID-CABLE-NAVY", name: "Braid cable, 1 m, Navy", quantity: 2 },
            { sku: "HALO-CHARGER", name: "Halo charger", quantity: 1 },
          ],
        }}
      />,
    ),
    "find-order": renderPage(<FindOrderPage site={site} />),
    "find-order-errors": renderPage(
      <FindOrderPage
        site={site}
        typed={{ number: "12", email: "ada@" }}
        errors={new Set(["number", "email"] as const)}
      />,
    ),
    "find-order-asked": renderPage(<FindOrderPage site={site} asked />),
    "cart-long": renderPage(
      <CartPage site={site} now={now} estimate={estimate} cart={sampleCart(products.slice(0, 5))} />,
    ),
    "cart-sold-out": renderPage(
      <CartPage
        site={site}
        now={now}
        estimate={estimate}
        cart={{
          ...cart,
          lines: cart.lines.map((line, index) => (index === 0 ? { ...line, status: "sold_out" } : line)),
        }}
        problem="The cart takes up to 10 different items."
      />,
    ),
    ...checkoutPages(site, cart, now),
    ...orderPages(site, cart, now),
  };
}

function checkoutPages(site: SiteContext, cart: CartView, now: number): Record<string, string> {
  const filled: CheckoutValues = {
    ...EMPTY_CHECKOUT,
    email: "ada@example",
    name: "Ada Lovelace",
    line1: "1 Main Street",
    region: "IL",
    postalCode: "62701",
    shippingMethod: "express",
  };
  const quotes = quotesFor(SAMPLE_RATES, { country: "US" }, pricedLines(cart), cart.subtotal.currency);
  const common = {
    site,
    now,
    cart,
    quotes,
    countries: ["US", "DE"],
    agreed: "",
    holdSeconds: 1800,
    errors: [],
    answered: true,
  };
  const refusedLines = cart.lines.map(({ sku, quantity }) => ({ sku, requested: quantity, available: 0 }));
  return {
    checkout: renderPage(<CheckoutPage {...common} values={EMPTY_CHECKOUT} refusal={null} offersSignIn />),
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
    "checkout-limit-moment": renderPage(
      <CheckoutPage
        {...common}
        values={filled}
        refusal={{ kind: "purchase_limit", lines: refusedLines, retryAfterSeconds: 60 }}
      />,
    ),
    "checkout-open-order": renderPage(
      <CheckoutPage {...common} values={filled} refusal={{ kind: "open_order", orderId: SAMPLE_ORDER_ID }} />,
    ),
    "checkout-used-up": renderPage(
      <CheckoutPage {...common} values={filled} refusal={{ kind: "cart_used_up" }} />,
    ),
    "checkout-not-chargeable": renderPage(
      <CheckoutPage
        {...common}
        values={filled}
        refusal={{ kind: "not_chargeable", message: "must be at least $0.50" }}
      />,
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

function orderPages(site: SiteContext, cart: CartView, now: number): Record<string, string> {
  const PARCEL = {
    carrier: "UPS",
    trackingNumber: "1Z 999 AA1",
    url: "https://www.ups.com/track?tracknum=1Z999AA1",
  };
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
    shippingName: "Express",
    transit: { leastDays: 1, mostDays: 2 },
    lines: cart.lines.map(({ sku, name, quantity, unitPrice }) => ({
      sku,
      name,
      quantity,
      unitPrice,
      taxes: [],
    })),
    totals: {
      subtotal: cart.subtotal.amount,
      shipping: 1900,
      tax: 0,
      total: cart.subtotal.amount + 1900,
      currency: "USD",
      taxes: [],
    },
    timeline: [...before, status].map((step, index) => ({
      status: step,
      at: new Date(now - 300_000 + index * 60_000).toISOString(),
    })),
    ...more,
  });
  const page = (
    view: OrderView,
    paymentSubmitted = false,
    left: readonly Omit<AvailabilityItem, "sku">[] = [],
  ) =>
    renderPage(
      <OrderPage
        site={site}
        order={view}
        paymentSubmitted={paymentSubmitted}
        left={left.map((item, index) => ({ ...item, sku: cart.lines[index]?.sku ?? "" }))}
      />,
    );
  const declined = { lastPaymentError: { code: "card_declined", message: "Your card was declined." } };
  return {
    pay: renderPage(<PaymentPage site={site} order={order("reserved")} stripeJsUrl="/stripe.js" />),
    ...Object.fromEntries(
      [4, 0.7].map((minutes) => [
        minutes > 1 ? "pay-warning" : "pay-urgent",
        renderPage(
          <PaymentPage
            site={site}
            order={order("reserved", [], {
              holdExpiresAt: new Date(now + minutes * 60_000).toISOString(),
            })}
            stripeJsUrl="/stripe.js"
          />,
        ),
      ]),
    ),
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
        tracking: PARCEL,
        parcels: [
          {
            ...PARCEL,
            lines: cart.lines.map(({ sku, quantity }) => ({ sku, quantity })),
            shippedAt: new Date(now).toISOString(),
          },
        ],
      }),
    ),
    "order-expired": page(order("expired", ["reserved"]), false, [
      { status: "in_stock", available: 40 },
      { status: "low_stock", available: 1 },
    ]),
    "order-expired-part": page(order("expired", ["reserved"]), false, [
      { status: "sold_out", available: 0 },
      { status: "in_stock", available: 9 },
    ]),
    "order-expired-gone": page(order("expired", ["reserved"]), false, [
      { status: "sold_out", available: 0 },
      { status: "sold_out", available: 0 },
    ]),
    "order-cancelled": page(order("cancelled", ["reserved"])),
    "order-lost": page(order("cancelled", ["reserved", "authorised"])),
    "order-over-limit": page(
      order("cancelled", ["reserved", "authorised"], { lastPaymentError: LIMIT_REACHED }),
    ),
    "order-refunded": page(order("refunded", ["reserved", "authorised", "paid"])),
  };
}

function pricedLines({ lines }: CartView) {
  return lines.map(({ quantity, unitPrice }) => ({ quantity, unitAmountMinor: unitPrice.amount }));
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
