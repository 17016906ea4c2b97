/**
 * The access matrix: for every route of the store, what everybody who may call it is answered. The columns are those of
 * callers.ts; requests.ts says what is sent, with the owner's things wherever an id stands. A route without a row fails the test.
 */
import { CALLERS, type Caller } from "./callers.ts";

type Row = readonly [
  anonymous: number,
  guest: number,
  other: number,
  expired: number,
  owner: number,
  viewer: number,
  support: number,
  manager: number,
  roleless: number,
  forged: number,
  stale: number,
];

/** What everybody may do: look at what is everybody's, or use what is their own. */
const FOR_ALL = (status: number): Row => CALLERS.map(() => status) as unknown as Row;
const PUBLIC = FOR_ALL(200);

const TABLE: Readonly<Record<string, Row>> = {
  // anonymous, guest, other, expired, owner, viewer, support, manager, roleless, forged, stale

  // ------------------------------------------------------------------------------------------------ shopping
  "GET /api/products": PUBLIC,
  "GET /api/products/:slug": PUBLIC,
  "GET /api/availability": PUBLIC,
  "GET /api/search": PUBLIC,
  "GET /api/shopper": FOR_ALL(200),
  "GET /api/cart": FOR_ALL(200),
  "PUT /api/cart/lines/:sku": FOR_ALL(200),
  "DELETE /api/cart/lines/:sku": FOR_ALL(200),

  // ------------------------------------------------------------------------------------------------ orders
  "POST /api/orders": FOR_ALL(201),
  "GET /api/orders/:id": [404, 404, 404, 404, 200, 404, 404, 404, 404, 404, 404],
  "POST /api/orders/:id/payment": [404, 404, 404, 404, 201, 404, 404, 404, 404, 404, 404],
  "POST /api/orders/:id/cancel": [404, 404, 404, 404, 200, 404, 404, 404, 404, 404, 404],
  "POST /api/orders/:id/reorder": [404, 404, 404, 404, 200, 404, 404, 404, 404, 404, 404],
  // The same whether or not there is such an order: the link goes to its own address.
  "POST /api/orders/lookup": FOR_ALL(202),
  // Nobody here is Stripe.
  "POST /api/webhooks/stripe": FOR_ALL(400),

  // ------------------------------------------------------------------------------------------------ accounts
  // The owner's address, which has an account: the same as for one that has none.
  "POST /api/auth/sign-up/email": FOR_ALL(200),
  // Only the owner knows the password.
  "POST /api/auth/sign-in/email": [401, 401, 401, 401, 200, 401, 401, 401, 401, 401, 401],
  "POST /api/auth/sign-out": FOR_ALL(200),
  "GET /api/auth/get-session": FOR_ALL(200),
  // Somebody signed in is told that it is not their address, or that it is confirmed.
  "POST /api/auth/send-verification-email": [200, 200, 400, 200, 400, 200, 200, 200, 200, 200, 200],
  "POST /api/auth/verify-email": FOR_ALL(400),
  "POST /api/auth/confirm-email-change": FOR_ALL(400),
  "POST /api/auth/request-password-reset": FOR_ALL(200),
  "POST /api/auth/reset-password": FOR_ALL(400),
  "POST /api/auth/change-password": [401, 401, 401, 401, 200, 401, 401, 401, 401, 401, 401],
  "POST /api/auth/change-email": [401, 401, 200, 401, 200, 401, 401, 401, 401, 401, 401],
  "GET /api/auth/list-sessions": [401, 401, 200, 401, 200, 401, 401, 401, 401, 401, 401],
  // Another's session, as one that nobody has: it is not among the caller's, so there is nothing to end.
  "POST /api/auth/revoke-session": [401, 401, 200, 401, 200, 401, 401, 401, 401, 401, 401],
  "POST /api/auth/revoke-other-sessions": [401, 401, 200, 401, 200, 401, 401, 401, 401, 401, 401],
  "POST /api/auth/revoke-sessions": [401, 401, 200, 401, 200, 401, 401, 401, 401, 401, 401],
  "GET /api/auth/passkey/generate-register-options": [401, 401, 200, 401, 200, 401, 401, 401, 401, 401, 401],
  // Nobody's browser answers the challenge here.
  "POST /api/auth/passkey/verify-registration": [401, 401, 400, 401, 400, 401, 401, 401, 401, 401, 401],
  "GET /api/auth/passkey/generate-authenticate-options": FOR_ALL(200),
  "POST /api/auth/passkey/verify-authentication": FOR_ALL(400),
  "GET /api/auth/passkey/list-user-passkeys": [401, 401, 200, 401, 200, 401, 401, 401, 401, 401, 401],
  "POST /api/auth/passkey/delete-passkey": [401, 401, 404, 401, 200, 401, 401, 401, 401, 401, 401],
  // Offered where their keys are set, which they are not here.
  "POST /api/auth/sign-in/social": FOR_ALL(404),
  "GET /api/auth/callback/google": FOR_ALL(302),
  "GET /api/auth/callback/apple": FOR_ALL(302),
  "POST /api/auth/callback/apple": FOR_ALL(302),

  // ------------------------------------------------------------------------------------------------ what an account keeps
  "GET /api/me": [401, 401, 200, 401, 200, 401, 401, 401, 401, 401, 401],
  "PATCH /api/me": [401, 401, 200, 401, 200, 401, 401, 401, 401, 401, 401],
  "GET /api/me/export": [401, 401, 200, 401, 200, 401, 401, 401, 401, 401, 401],
  "GET /api/me/orders": [401, 401, 200, 401, 200, 401, 401, 401, 401, 401, 401],
  "GET /api/me/addresses": [401, 401, 200, 401, 200, 401, 401, 401, 401, 401, 401],
  "POST /api/me/addresses": [401, 401, 201, 401, 201, 401, 401, 401, 401, 401, 401],
  "PATCH /api/me/addresses/:id": [401, 401, 404, 401, 200, 401, 401, 401, 401, 401, 401],
  "DELETE /api/me/addresses/:id": [401, 401, 404, 401, 204, 401, 401, 401, 401, 401, 401],
  "DELETE /api/me": [401, 401, 204, 401, 204, 401, 401, 401, 401, 401, 401],
  "GET /api/wishlist": [401, 401, 200, 401, 200, 401, 401, 401, 401, 401, 401],
  "PUT /api/wishlist/:sku": [401, 401, 200, 401, 200, 401, 401, 401, 401, 401, 401],
  "DELETE /api/wishlist/:sku": [401, 401, 200, 401, 200, 401, 401, 401, 401, 401, 401],

  // ------------------------------------------------------------------------------------------------ ops
  "GET /api/ops/skus/:sku": [401, 401, 401, 401, 401, 200, 200, 200, 403, 401, 401],
  "GET /api/ops/skus/:sku/requests": [401, 401, 401, 401, 401, 200, 200, 200, 403, 401, 401],
  "POST /api/ops/skus/:sku/adjustments": [401, 401, 401, 401, 401, 403, 403, 200, 403, 401, 401],
  "PUT /api/ops/skus/:sku/price": [401, 401, 401, 401, 401, 403, 403, 200, 403, 401, 401],
  "GET /api/ops/rates": [401, 401, 401, 401, 401, 200, 200, 200, 403, 401, 401],
  "PUT /api/ops/shipping": [401, 401, 401, 401, 401, 403, 403, 422, 403, 401, 401],
  "PUT /api/ops/taxes": [401, 401, 401, 401, 401, 403, 403, 422, 403, 401, 401],
  "GET /api/ops/orders": [401, 401, 401, 401, 401, 200, 200, 200, 403, 401, 401],
  "GET /api/ops/orders/:id": [401, 401, 401, 401, 401, 200, 200, 200, 403, 401, 401],
  "POST /api/ops/orders/:id/refunds": [401, 401, 401, 401, 401, 403, 409, 409, 403, 401, 401],
  "POST /api/ops/orders/:id/cancel": [401, 401, 401, 401, 401, 403, 202, 202, 403, 401, 401],
  "POST /api/ops/orders/:id/shipments": [401, 401, 401, 401, 401, 403, 409, 409, 403, 401, 401],
  "POST /api/ops/orders/:id/deliveries": [401, 401, 401, 401, 401, 403, 409, 409, 403, 401, 401],
  "GET /api/ops/dead-letters": [401, 401, 401, 401, 401, 200, 200, 200, 403, 401, 401],
  "POST /api/ops/dead-letters/:id/replay": [401, 401, 401, 401, 401, 403, 200, 200, 403, 401, 401],
  "POST /api/ops/dead-letters/:id/discard": [401, 401, 401, 401, 401, 403, 200, 200, 403, 401, 401],
  "POST /api/ops/reconciliations": [401, 401, 401, 401, 401, 403, 202, 202, 403, 401, 401],
  "GET /api/ops/reconciliations/:id": [401, 401, 401, 401, 401, 404, 404, 404, 403, 401, 401],
  "POST /api/ops/resync": [401, 401, 401, 401, 401, 403, 403, 202, 403, 401, 401],
  "POST /api/ops/dead-letters/replay": [401, 401, 401, 401, 401, 403, 200, 200, 403, 401, 401],

  // ------------------------------------------------------------------------------------------------ health
  "GET /api/health": PUBLIC,
  "GET /api/openapi.json": PUBLIC,
  "POST /api/vitals": FOR_ALL(204),
  "POST /api/csp-reports": FOR_ALL(204),

  // ------------------------------------------------------------------------------------------------ pages that everybody shares
  "GET /": PUBLIC,
  "GET /compare": PUBLIC,
  "GET /design": PUBLIC,
  "GET /help": PUBLIC,
  "GET /offline": PUBLIC,
  "GET /privacy": PUBLIC,
  "GET /products": PUBLIC,
  "GET /products/:slug": PUBLIC,
  "GET /returns": PUBLIC,
  "GET /robots.txt": PUBLIC,
  "GET /search": PUBLIC,
  "GET /shipping": PUBLIC,
  "GET /sitemap.xml": PUBLIC,

  // ------------------------------------------------------------------------------------------------ pages of accounts
  "GET /account/sign-up": [200, 200, 303, 200, 303, 200, 200, 200, 200, 200, 200],
  "POST /account/sign-up": FOR_ALL(200),
  "POST /account/confirm": [200, 200, 400, 200, 400, 200, 200, 200, 200, 200, 200],
  "GET /account/sign-in": [200, 200, 303, 200, 303, 200, 200, 200, 200, 200, 200],
  "POST /account/sign-in": [401, 401, 401, 401, 303, 401, 401, 401, 401, 401, 401],
  "POST /account/sign-in/with": FOR_ALL(404),
  "POST /account/sign-out": FOR_ALL(303),
  // The page says that there is no such link.
  "GET /account/verify": PUBLIC,
  "POST /account/verify": FOR_ALL(400),
  "GET /.well-known/change-password": FOR_ALL(303),
  "GET /account/forgot": PUBLIC,
  "POST /account/forgot": FOR_ALL(200),
  "GET /account/reset": PUBLIC,
  "POST /account/reset": FOR_ALL(400),
  // Who is not signed in is led to where one does that: 303.
  "GET /account": [303, 303, 200, 303, 200, 303, 303, 303, 303, 303, 303],
  "POST /account/name": FOR_ALL(303),
  "GET /account/security": [303, 303, 200, 303, 200, 303, 303, 303, 303, 303, 303],
  "POST /account/security/password": [303, 303, 401, 303, 303, 303, 303, 303, 303, 303, 303],
  "POST /account/security/email": FOR_ALL(303),
  "POST /account/security/passkeys/remove": [303, 303, 404, 303, 303, 303, 303, 303, 303, 303, 303],
  // Another's session is not among the caller's: there is nothing to end, as after it has ended.
  "POST /account/security/sessions/end": FOR_ALL(303),
  "POST /account/security/sessions/end-others": FOR_ALL(303),
  "POST /account/security/sessions/end-all": FOR_ALL(303),

  "GET /account/orders": [303, 303, 200, 303, 200, 303, 303, 303, 303, 303, 303],
  "GET /account/addresses": [303, 303, 200, 303, 200, 303, 303, 303, 303, 303, 303],
  "GET /account/addresses/new": [303, 303, 200, 303, 200, 303, 303, 303, 303, 303, 303],
  "GET /account/wishlist": [303, 303, 200, 303, 200, 303, 303, 303, 303, 303, 303],
  "GET /account/data": [303, 303, 200, 303, 200, 303, 303, 303, 303, 303, 303],
  "POST /account/orders/:id/again": [303, 303, 404, 303, 303, 303, 303, 303, 303, 303, 303],
  "POST /account/addresses": FOR_ALL(303),
  "GET /account/addresses/:id": [303, 303, 404, 303, 200, 303, 303, 303, 303, 303, 303],
  "POST /account/addresses/:id": [303, 303, 404, 303, 303, 303, 303, 303, 303, 303, 303],
  "POST /account/addresses/:id/default": [303, 303, 404, 303, 303, 303, 303, 303, 303, 303, 303],
  "POST /account/addresses/:id/remove": [303, 303, 404, 303, 303, 303, 303, 303, 303, 303, 303],
  "POST /account/wishlist": FOR_ALL(303),
  "POST /account/wishlist/remove": FOR_ALL(303),
  "POST /account/data/delete": [303, 303, 200, 303, 200, 303, 303, 303, 303, 303, 303],

  // ------------------------------------------------------------------------------------------------ pages of one's own
  "GET /orders/find": PUBLIC,
  "POST /orders/find": FOR_ALL(303),
  "GET /cart": FOR_ALL(200),
  "POST /cart/lines": FOR_ALL(303),
  "POST /cart/lines/:sku": FOR_ALL(303),
  "POST /cart/lines/:sku/remove": FOR_ALL(303),
  // Who has nothing in the cart is led there.
  "GET /checkout": [303, 303, 200, 303, 200, 303, 303, 303, 303, 303, 303],
  "POST /checkout": FOR_ALL(303),
  "GET /orders/:id": [404, 404, 404, 404, 200, 404, 404, 404, 404, 404, 404],
  // Of an order that is not paid there is none.
  "GET /orders/:id/invoice": FOR_ALL(404),
  "GET /orders/:id/pay": [404, 404, 404, 404, 200, 404, 404, 404, 404, 404, 404],
  "POST /orders/:id/cancel": [404, 404, 404, 404, 303, 404, 404, 404, 404, 404, 404],
  "POST /orders/:id/again": [404, 404, 404, 404, 303, 404, 404, 404, 404, 404, 404],
  "POST /products/:slug/notices": FOR_ALL(303),
  "GET /notices/unsubscribe": [404, 404, 404, 404, 200, 404, 404, 404, 404, 404, 404],
  "POST /notices/unsubscribe": [404, 404, 404, 404, 200, 404, 404, 404, 404, 404, 404],
};

/** What the row of a route states; null where there is none. */
export function statedFor(route: string): Readonly<Record<Caller, number>> | null {
  const row = TABLE[route];
  if (row === undefined) return null;
  return Object.fromEntries(CALLERS.map((caller, index) => [caller, row[index]])) as Record<Caller, number>;
}

export const ROWS: readonly string[] = Object.keys(TABLE);

/** After these the caller's sessions are over. */
export const ENDS_SESSIONS: ReadonlySet<string> = new Set([
  "POST /api/auth/sign-out",
  "POST /api/auth/change-password",
  "POST /api/auth/revoke-other-sessions",
  "POST /api/auth/revoke-sessions",
  "POST /account/sign-out",
  "POST /account/security/password",
  "POST /account/security/sessions/end-others",
  "POST /account/security/sessions/end-all",
]);

/** After these the owner's thing that the request names is not what it was. */
export const TAKES_A_THING: ReadonlySet<string> = new Set([
  "POST /api/orders/:id/payment",
  "POST /api/orders/:id/cancel",
  "POST /orders/:id/cancel",
  "POST /orders/:id/again",
  "POST /api/auth/revoke-session",
  "POST /api/auth/passkey/delete-passkey",
  "POST /notices/unsubscribe",
  "POST /account/security/passkeys/remove",
  "POST /account/security/sessions/end",
  "DELETE /api/me/addresses/:id",
  "POST /account/addresses/:id",
  "POST /account/addresses/:id/remove",
]);

/** How many may ask at once: a password is slow on purpose, and of some things an account has three in a quarter of an hour. */
export const AT_ONCE: ReadonlyMap<string, number> = new Map([
  ["POST /api/auth/sign-in/email", 1],
  ["POST /account/sign-in", 1],
  ["POST /api/auth/sign-up/email", 1],
  ["POST /account/sign-up", 1],
  ["POST /api/auth/send-verification-email", 3],
  ["POST /account/confirm", 3],
  ["POST /api/auth/request-password-reset", 3],
  ["POST /account/forgot", 3],
  ["POST /api/orders/lookup", 3],
  ["POST /orders/find", 3],
]);

/** After these the caller has no account. */
export const ENDS_ACCOUNTS: ReadonlySet<string> = new Set(["DELETE /api/me", "POST /account/data/delete"]);
