/**
 * What each route is asked with: valid, and with the owner's things in every place where an id stands, whoever asks. A route that
 * is not named here takes nothing.
 */
import { randomUUID } from "node:crypto";
import { orderNumber } from "../../src/domain/order/number.ts";
import { newEmail, orderBody } from "../harness/store.ts";
import type { Caller } from "./callers.ts";
import type { OpsThings } from "./fingerprint.ts";
import { PASSWORD, type Things } from "./people.ts";

export interface Asked {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** A posted form. */
  readonly form?: Readonly<Record<string, string>>;
  /** The report of a browser is a list. */
  readonly list?: readonly unknown[];
}

export interface Situation {
  readonly caller: Caller;
  /** The owner's. */
  readonly things: Things;
  readonly ops: OpsThings;
  /** On sale, with plenty of it and no limit. */
  readonly sku: string;
  /** The product it is of. */
  readonly slug: string;
}

const INVENTED_TOKEN = "an-invented-token";
const CREDENTIAL = { id: "aW52ZW50ZWQ", rawId: "aW52ZW50ZWQ", type: "public-key", response: {} };

const ADDRESS = {
  name: "Somebody",
  line1: "1 Main St",
  city: "Springfield",
  region: "IL",
  postalCode: "62701",
  country: "US",
};

const sku = ({ sku }: Situation): Asked => ({ parameters: { sku } });
const opsSku = ({ ops }: Situation): Asked => ({ parameters: { sku: ops.sku } });
const order = ({ things }: Situation): Asked => ({ parameters: { id: things.orderId } });
const form = (fields: (situation: Situation) => Asked["form"]) => (situation: Situation) => {
  const posted = fields(situation);
  return posted === undefined ? {} : { form: posted };
};
const formOfOrder = ({ things }: Situation): Asked => ({ parameters: { id: things.orderId }, form: {} });
const formOfAddress = ({ things }: Situation): Asked => ({ parameters: { id: things.addressId }, form: {} });
/** Only the owner knows the password. */
const password = ({ caller }: Situation): string => (caller === "owner" ? PASSWORD : "a guess at a password");

export const REQUESTS: Readonly<Record<string, (situation: Situation) => Asked>> = {
  // ------------------------------------------------------------------------------------------------ shopping
  "GET /api/products/:slug": ({ slug }) => ({ parameters: { slug } }),
  "GET /api/availability": ({ sku }) => ({ query: { sku } }),
  "PUT /api/cart/lines/:sku": (situation) => ({ ...sku(situation), body: { quantity: 1 } }),
  "DELETE /api/cart/lines/:sku": sku,

  // ------------------------------------------------------------------------------------------------ orders
  "POST /api/orders": ({ sku }) => ({
    headers: { "idempotency-key": randomUUID() },
    body: { ...orderBody({ lines: [{ sku, quantity: 1 }] }) },
  }),
  "GET /api/orders/:id": order,
  "POST /api/orders/:id/payment": order,
  "POST /api/orders/:id/cancel": order,
  "POST /api/orders/lookup": ({ things }) => ({
    body: { number: orderNumber(things.orderId), email: things.email },
  }),
  "POST /api/orders/:id/reorder": order,
  "POST /api/webhooks/stripe": ({ things }) => ({
    headers: { "stripe-signature": "t=1,v1=00" },
    body: {
      id: "evt_invented",
      type: "payment_intent.amount_capturable_updated",
      data: { object: { id: "pi_invented", metadata: { order_id: things.orderId } } },
    },
  }),

  // ------------------------------------------------------------------------------------------------ accounts
  "POST /api/auth/sign-up/email": ({ things }) => ({
    body: { name: "Somebody", email: things.email, password: "another long and private one" },
  }),
  "POST /api/auth/sign-in/email": (situation) => ({
    body: { email: situation.things.email, password: password(situation) },
  }),
  "POST /api/auth/sign-out": () => ({ body: {} }),
  "POST /api/auth/send-verification-email": ({ things }) => ({ body: { email: things.email } }),
  "POST /api/auth/verify-email": () => ({ body: { token: INVENTED_TOKEN, password: PASSWORD } }),
  "POST /api/auth/confirm-email-change": () => ({ body: { token: INVENTED_TOKEN, password: PASSWORD } }),
  "POST /api/auth/request-password-reset": ({ things }) => ({ body: { email: things.email } }),
  "POST /api/auth/reset-password": () => ({
    body: { token: INVENTED_TOKEN, newPassword: "another long and private one" },
  }),
  "POST /api/auth/change-password": (situation) => ({
    body: { currentPassword: password(situation), newPassword: PASSWORD },
  }),
  "POST /api/auth/change-email": () => ({ body: { newEmail: newEmail() } }),
  "POST /api/auth/revoke-session": ({ things }) => ({ body: { token: things.otherSession } }),
  "POST /api/auth/revoke-other-sessions": () => ({ body: {} }),
  "POST /api/auth/revoke-sessions": () => ({ body: {} }),
  "POST /api/auth/passkey/verify-registration": () => ({ body: { response: CREDENTIAL } }),
  "POST /api/auth/passkey/verify-authentication": ({ things }) => ({
    body: { response: { ...CREDENTIAL, id: things.credentialId } },
  }),
  "POST /api/auth/passkey/delete-passkey": ({ things }) => ({ body: { id: things.passkeyId } }),
  "POST /api/auth/sign-in/social": () => ({ body: { provider: "google" } }),
  "POST /api/auth/callback/apple": form(() => ({ code: INVENTED_TOKEN, state: INVENTED_TOKEN })),
  "GET /api/auth/callback/google": () => ({ query: { code: INVENTED_TOKEN, state: INVENTED_TOKEN } }),

  // ------------------------------------------------------------------------------------------------ what an account keeps
  "PATCH /api/me": () => ({ body: { name: "Somebody" } }),
  "POST /api/me/addresses": () => ({ body: ADDRESS }),
  "PATCH /api/me/addresses/:id": ({ things }) => ({
    parameters: { id: things.addressId },
    body: { city: "Elsewhere" },
  }),
  "DELETE /api/me/addresses/:id": ({ things }) => ({ parameters: { id: things.addressId } }),
  "PUT /api/wishlist/:sku": sku,
  "DELETE /api/wishlist/:sku": sku,

  // ------------------------------------------------------------------------------------------------ ops
  "GET /api/ops/skus/:sku": opsSku,
  "GET /api/ops/skus/:sku/requests": opsSku,
  "POST /api/ops/skus/:sku/adjustments": (situation) => ({
    ...opsSku(situation),
    body: { id: randomUUID(), delta: 1, reason: "the matrix" },
  }),
  "PUT /api/ops/skus/:sku/price": (situation) => ({
    ...opsSku(situation),
    body: { id: randomUUID(), amount: 119900, currency: "USD", reason: "the matrix" },
  }),
  // Of rates that nobody has seen: every other test relies on those of the seed.
  "PUT /api/ops/shipping": () => ({ body: { revision: 0, zones: [], reason: "the matrix" } }),
  "PUT /api/ops/taxes": () => ({ body: { revision: 0, taxes: [], reason: "the matrix" } }),
  "GET /api/ops/orders": ({ things }) => ({ query: { query: things.email } }),
  "GET /api/ops/orders/:id": order,
  "POST /api/ops/orders/:id/refunds": (situation) => ({
    ...order(situation),
    body: { id: randomUUID(), restock: false, reason: "the matrix" },
  }),
  "POST /api/ops/orders/:id/cancel": (situation) => ({
    ...order(situation),
    body: { id: randomUUID(), restock: true, reason: "the matrix" },
  }),
  "POST /api/ops/orders/:id/shipments": (situation) => ({
    ...order(situation),
    body: { id: randomUUID(), carrier: "UPS", trackingNumber: "1Z999" },
  }),
  "POST /api/ops/orders/:id/deliveries": (situation) => ({
    ...order(situation),
    body: { id: randomUUID() },
  }),
  "POST /api/ops/dead-letters/:id/replay": ({ ops }) => ({ parameters: { id: ops.deadLetterId } }),
  "POST /api/ops/dead-letters/:id/discard": ({ ops }) => ({
    parameters: { id: ops.deadLetterId },
    body: { reason: "the matrix" },
  }),
  "GET /api/ops/reconciliations/:id": () => ({ parameters: { id: randomUUID() } }),
  "POST /api/ops/reconciliations": () => ({ body: { scope: "since", since: "2100-01-01T00:00:00Z" } }),
  "POST /api/ops/resync": () => ({ body: { reason: "the matrix" } }),
  // Stored before there was a store: no letter of another test is replayed.
  "POST /api/ops/dead-letters/replay": () => ({ body: { storedBefore: "2020-01-01T00:00:00Z" } }),

  // ------------------------------------------------------------------------------------------------ what browsers report
  "POST /api/vitals": () => ({ body: { page: "product", lcpMs: 1200 } }),
  "POST /api/csp-reports": () => ({
    body: { "csp-report": { "effective-directive": "script-src", "document-uri": "/" } },
  }),

  // ------------------------------------------------------------------------------------------------ pages
  "GET /products/:slug": ({ slug }) => ({ parameters: { slug } }),
  "POST /products/:slug/notices": ({ slug, sku, things }) => ({
    parameters: { slug },
    form: { sku, email: things.email },
  }),
  "GET /notices/unsubscribe": ({ things, caller }) => ({ query: { token: noticeToken(things, caller) } }),
  "POST /notices/unsubscribe": ({ things, caller }) => ({
    query: { token: noticeToken(things, caller) },
    form: {},
  }),
  "POST /account/sign-up": form(({ things }) => ({
    name: "Somebody",
    email: things.email,
    password: "another long and private one",
  })),
  "POST /account/confirm": form(({ things }) => ({ email: things.email })),
  "GET /account/verify": () => ({ query: { token: INVENTED_TOKEN } }),
  "POST /account/verify": form(() => ({ token: INVENTED_TOKEN, password: PASSWORD })),
  "POST /account/sign-in": form((situation) => ({
    email: situation.things.email,
    password: password(situation),
  })),
  "POST /account/sign-in/with": form(() => ({ provider: "google" })),
  "POST /account/sign-out": form(() => ({})),
  "POST /account/forgot": form(({ things }) => ({ email: things.email })),
  "GET /account/reset": () => ({ query: { token: INVENTED_TOKEN } }),
  "POST /account/reset": form(() => ({ token: INVENTED_TOKEN, newPassword: "another long and private one" })),
  "POST /account/name": form(() => ({ name: "Somebody" })),
  "POST /account/security/password": form((situation) => ({
    currentPassword: password(situation),
    newPassword: PASSWORD,
  })),
  "POST /account/security/email": form(() => ({ newEmail: newEmail() })),
  "POST /account/security/passkeys/remove": form(({ things }) => ({ id: things.passkeyId })),
  "POST /account/security/sessions/end": form(({ things }) => ({ id: things.otherSessionId })),
  "POST /account/security/sessions/end-others": form(() => ({})),
  "POST /account/security/sessions/end-all": form(() => ({})),
  "GET /account/addresses/:id": ({ things }) => ({ parameters: { id: things.addressId } }),
  "POST /account/addresses": form(() => ADDRESS),
  "POST /account/addresses/:id": ({ things }) => ({
    parameters: { id: things.addressId },
    form: { ...ADDRESS, city: "Elsewhere" },
  }),
  "POST /account/addresses/:id/default": formOfAddress,
  "POST /account/addresses/:id/remove": formOfAddress,
  "POST /account/data/delete": form(() => ({ agreed: "yes" })),
  "POST /account/orders/:id/again": formOfOrder,
  "POST /account/wishlist": form(({ sku }) => ({ sku })),
  "POST /account/wishlist/remove": form(({ sku }) => ({ sku })),
  "POST /cart/lines": form(({ sku }) => ({ sku, quantity: "1" })),
  "POST /cart/lines/:sku": (situation) => ({ ...sku(situation), form: { quantity: "1" } }),
  "POST /cart/lines/:sku/remove": (situation) => ({ ...sku(situation), form: {} }),
  "POST /checkout": form(({ things }) => checkoutForm(things)),
  "POST /orders/find": form(({ things }) => ({ number: orderNumber(things.orderId), email: things.email })),
  "GET /orders/:id": order,
  "GET /orders/:id/invoice": order,
  "GET /orders/:id/pay": order,
  "POST /orders/:id/cancel": formOfOrder,
  "POST /orders/:id/again": formOfOrder,
};

/** The owner's e-mail brought it; everybody else has the id and signs it themselves. */
function noticeToken({ noticeToken, noticeId }: Things, caller: Caller): string {
  return caller === "owner" ? noticeToken : noticeToken.slice(0, -8) + noticeId.slice(0, 8);
}

function checkoutForm({ street }: Things): Record<string, string> {
  return {
    email: newEmail(),
    ...ADDRESS,
    line1: street,
    shippingMethod: "standard",
  };
}
