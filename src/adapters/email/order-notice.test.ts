import { describe, expect, it } from "vitest";
import { NOTICE_KINDS } from "../../domain/order/notice.ts";
import { LIMIT_REACHED, type OrderRecord, type RecordedParcel } from "../../domain/order/record.ts";
import type { OrderNoticeInput } from "./notice.ts";
import { renderOrderNotice } from "./order-notice.ts";

const record: OrderRecord = {
  orderId: "2abcdefghijklmnopqrstuvwxyz01234567",
  fingerprint: "f",
  status: "paid",
  version: 3,
  openedAt: Date.UTC(2026, 10, 22, 9),
  updatedAt: 0,
  holdExpiresAt: 0,
  lines: [
    { sku: "PHONE", name: "Aurora Pro 256 GB, Graphite", quantity: 2, unitAmountMinor: 119_900 },
    { sku: "CASE", name: 'Case <b>"Slim" & light</b>', quantity: 1, unitAmountMinor: 3_900 },
  ],
  totals: { subtotal: 243_700, shipping: 1_900, tax: 0, total: 245_600, currency: "USD" },
  shippingMethod: "express",
  shippingName: "Express",
  transit: null,
  lastPaymentError: null,
  refundedMinor: 0,
  refundRequested: false,
  refunds: [],
  dispute: null,
  parcels: [],
  timeline: [],
  intentId: "pi_1",
};
const input: OrderNoticeInput = {
  record,
  shippingAddress: {
    name: "Ada Lovelace",
    line1: "1 Main St",
    line2: "",
    city: "Springfield",
    region: "IL",
    postalCode: "62701",
    country: "US",
  },
  orderUrl: "https://store.example/orders/2abc?token=t&x=1",
  storeUrl: "https://store.example",
};

const renderOrderConfirmation = (of: OrderNoticeInput) =>
  renderOrderNotice({ kind: "order_confirmed", about: "" }, of);
const renderOrderCancellation = (of: OrderNoticeInput) =>
  renderOrderNotice({ kind: "order_cancelled", about: "" }, of);

describe("the order confirmation", () => {
  it("says in text what was bought, what it cost, where it goes and where to follow it", () => {
    const { subject, text } = renderOrderConfirmation(input);
    expect(subject).toBe("Your Holdfast order 0123-4567 is confirmed");
    expect(text).toContain("Order 0123-4567\n");
    expect(text).toContain("Thank you, Ada.");
    expect(text).toContain("2 x Aurora Pro 256 GB, Graphite: $2,398.00");
    expect(text).toContain("Express shipping: $19.00\nTotal paid: $2,456.00");
    expect(text).toContain("Ada Lovelace\n1 Main St\nSpringfield, IL 62701\nUnited States");
    expect(text).toContain("Follow your order: https://store.example/orders/2abc?token=t&x=1");
  });

  it("tells taxes by name and rate, those that prices include as well", () => {
    const taxes = [
      { name: "VAT", basisPoints: 1_900, included: true, amount: 38_910 },
      { name: "Levy", basisPoints: 25, included: false, amount: 500 },
    ];
    const totals = { ...record.totals, tax: 500, total: 246_100, taxes };
    const { text, html } = renderOrderConfirmation({ ...input, record: { ...record, totals } });
    expect(text).toContain(
      "Express shipping: $19.00\nIncludes VAT 19%: $389.10\nLevy 0.25%: $5.00\nTotal paid: $2,461.00",
    );
    expect(html).toContain("Includes VAT 19%");
  });

  it("says the same in HTML, with every foreign text escaped", () => {
    const { html } = renderOrderConfirmation(input);
    expect(html).toContain("$2,456.00");
    expect(html).toContain("Case &lt;b&gt;&quot;Slim&quot; &amp; light&lt;/b&gt;");
    expect(html).not.toContain("<b>");
    expect(html).toContain('href="https://store.example/orders/2abc?token=t&amp;x=1"');
    expect(html).not.toMatch(/<script|\bon\w+=/);
  });

  it("greets nobody by something that is not plainly a name", () => {
    const shippingAddress = { ...input.shippingAddress, name: "http://evil.example/win now" };
    expect(renderOrderConfirmation({ ...input, shippingAddress }).text).toMatch(/^Thank you\.\n/);
  });

  it("leaves the button out where the store does not know its own address", () => {
    const { html, text } = renderOrderConfirmation({ ...input, orderUrl: null, storeUrl: null });
    expect(html).not.toContain("href=");
    expect(text).not.toContain("Follow your order");
  });
});

describe("the cancellation", () => {
  it("says that nothing was charged, and shows no shipping address", () => {
    const { subject, text } = renderOrderCancellation(input);
    expect(subject).toContain("was cancelled");
    expect(text).toContain("You have not been charged.");
    expect(text).not.toContain("1 Main St");
  });

  it("says why where the buyer has as many as one customer may have", () => {
    const over = renderOrderCancellation({
      ...input,
      record: { ...record, lastPaymentError: LIMIT_REACHED },
    });
    expect(over.text).toContain(LIMIT_REACHED.message);
    expect(over.text).toContain("You have not been charged.");
    expect(over.text).not.toContain("may be available again");
    expect(renderOrderCancellation(input).text).not.toContain(LIMIT_REACHED.message);
  });
});

describe("the refund", () => {
  const refund = { id: "r1", amountMinor: 3_900, status: "succeeded", at: 0 } as const;
  const about = { kind: "order_refunded", about: "r1" } as const;

  it("says how much went back, where to and when the bank shows it", () => {
    const { subject, text, html } = renderOrderNotice(about, {
      ...input,
      record: { ...record, refunds: [refund] },
    });
    expect(subject).toBe("We refunded $39.00 for your Holdfast order 0123-4567");
    expect(text).toContain("We refunded $39.00 to the card you paid with.");
    expect(text).toContain("The rest of your order stays as it is.");
    expect(html).toContain("$39.00");
  });

  it("of a whole order says so", () => {
    const whole = { ...record, status: "refunded", refunds: [{ ...refund, amountMinor: 245_600 }] } as const;
    expect(renderOrderNotice(about, { ...input, record: whole }).text).toContain("fully refunded");
  });
});

const parcel: RecordedParcel = {
  id: "p1",
  carrier: "UPS",
  trackingNumber: "1Z 999",
  lines: [
    { sku: "PHONE", quantity: 2 },
    { sku: "CASE", quantity: 1 },
  ],
  shippedAt: 0,
  deliveredAt: null,
  deliveryId: null,
};

describe("a parcel", () => {
  const about = { kind: "order_shipped", about: "p1" } as const;

  it("that left is told with its tracking number and the way to the carrier's page", () => {
    const { subject, text, html } = renderOrderNotice(about, {
      ...input,
      record: { ...record, status: "shipped", parcels: [parcel] },
    });
    expect(subject).toBe("Your Holdfast order 0123-4567 is on its way");
    expect(text).toContain("We handed your parcel to UPS. The tracking number is 1Z 999.");
    expect(text).toContain("Track your parcel: https://www.ups.com/track?tracknum=1Z999");
    expect(html).toContain('href="https://www.ups.com/track?tracknum=1Z999"');
    expect(text).toContain("Springfield, IL 62701");
  });

  it("with a part of the order says what is in it, and has no link where the carrier is not known", () => {
    const part = { ...parcel, carrier: "Bike", lines: [{ sku: "PHONE", quantity: 1 }] };
    const { subject, text } = renderOrderNotice(about, {
      ...input,
      record: { ...record, status: "shipped", parcels: [part] },
    });
    expect(subject).toBe("Part of your Holdfast order 0123-4567 is on its way");
    expect(text).toContain("In this parcel: 1 × Aurora Pro 256 GB, Graphite.");
    expect(text).not.toContain("Track your parcel");
  });

  it("that arrived is told with what was in it", () => {
    const arrived = { ...parcel, deliveredAt: 1, deliveryId: "d1" };
    const { subject, text } = renderOrderNotice(
      { kind: "order_delivered", about: "d1" },
      { ...input, record: { ...record, status: "delivered", parcels: [arrived] } },
    );
    expect(subject).toBe("Your Holdfast order 0123-4567 was delivered");
    expect(text).toContain("Delivered: 2 × Aurora Pro 256 GB, Graphite, 1 × Case");
  });
});

describe("every kind of notice", () => {
  it.each(NOTICE_KINDS)("%s has a subject, a heading and a way to the order in HTML and text", (kind) => {
    const refunds = [{ id: "about", amountMinor: 100, status: "succeeded", at: 0 }] as const;
    const parcels = [{ ...parcel, id: "about", deliveredAt: 1, deliveryId: "about" }];
    const { subject, html, text } = renderOrderNotice(
      { kind, about: "about" },
      { ...input, record: { ...record, refunds, parcels } },
    );
    expect(subject).toContain("0123-4567");
    expect(html).toContain("https://store.example/orders/2abc");
    expect(text).toContain("https://store.example/orders/2abc");
  });
});
