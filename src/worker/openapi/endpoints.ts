/**
 * Every endpoint of the API: method, path, what it takes and answers, how it refuses. Routes are registered from this
 * table and the OpenAPI document is made from it, so neither can say what the other does not.
 */
import { MAX_FACET_CHOICES, SEARCH_SORTS } from "../../contracts/search.ts";
import { BODY_PROBLEMS, PAGE, SKU_SCHEMA, path, query, type Endpoint } from "./endpoint.ts";
import { PROFILE_ENDPOINTS } from "./profile-endpoints.ts";

const FACET_CHOICES = {
  type: "array",
  items: { type: "string", maxLength: 60 },
  maxItems: MAX_FACET_CHOICES,
};
const AMOUNT_SCHEMA = { type: "integer", minimum: 0, maximum: 999_999_999 };
const ORDER_ID = path("id", "The order's id.");
const OPS_PROBLEMS = ["unauthorised", "forbidden"] as const;

export const ENDPOINTS = {
  listProducts: {
    method: "get",
    path: "/api/products",
    tag: "Shopping",
    summary: "The catalog, page by page.",
    parameters: PAGE,
    responses: { 200: { description: "A page of products.", schema: "ProductList" } },
    problems: ["validation_failed"],
  },
  getProduct: {
    method: "get",
    path: "/api/products/{slug}",
    tag: "Shopping",
    summary: "One product with its SKUs.",
    parameters: [path("slug", "The product's slug.")],
    responses: { 200: { description: "The product.", schema: "Product" } },
    problems: ["not_found"],
  },
  getAvailability: {
    method: "get",
    path: "/api/availability",
    tag: "Shopping",
    summary: "What can be had of some SKUs, at most a second old.",
    parameters: [
      {
        name: "sku",
        in: "query",
        description: "Up to 50 SKUs, each as a parameter of its own.",
        required: true,
        schema: { type: "array", items: SKU_SCHEMA, minItems: 1, maxItems: 50 },
      },
    ],
    responses: { 200: { description: "In the order asked for.", schema: "AvailabilityList" } },
    problems: ["validation_failed"],
  },
  searchProducts: {
    method: "get",
    path: "/api/search",
    tag: "Shopping",
    summary: "Products by text and filters, with the counts of each filter's values.",
    parameters: [
      query("q", "What is looked for; left out, everything is listed.", { type: "string", maxLength: 100 }),
      query("category", "Only this category.", { type: "string", maxLength: 60 }),
      query("color", "Any of these colours, each as a parameter of its own.", FACET_CHOICES),
      query("storage", "Any of these sizes of storage, each as a parameter of its own.", FACET_CHOICES),
      query("minPrice", "The least a SKU may cost, in minor units.", AMOUNT_SCHEMA),
      query("maxPrice", "The most a SKU may cost, in minor units.", AMOUNT_SCHEMA),
      query("inStock", "Only what can be had now.", { type: "boolean", default: false }),
      query("sort", "The order of the items.", { type: "string", enum: SEARCH_SORTS, default: "relevance" }),
      query("limit", "Items on a page.", { type: "integer", minimum: 1, maximum: 100, default: 24 }),
      query("cursor", "`nextCursor` of the page before.", { type: "string", maxLength: 20 }),
    ],
    responses: { 200: { description: "What was found.", schema: "SearchAnswer" } },
    problems: ["validation_failed"],
  },
  getShopper: {
    method: "get",
    path: "/api/shopper",
    tag: "Shopping",
    summary:
      "What is the shopper's own on pages that everybody shares. Touches nothing for a browser without a cart.",
    responses: { 200: { description: "The shopper.", schema: "Shopper" } },
    problems: [],
  },
  getCart: {
    method: "get",
    path: "/api/cart",
    tag: "Shopping",
    summary: "The cart that the cookie names; empty without one.",
    responses: { 200: { description: "The cart.", schema: "CartView" } },
    problems: [],
  },
  putCartLine: {
    method: "put",
    path: "/api/cart/lines/{sku}",
    tag: "Shopping",
    summary:
      "Sets how many units of a SKU are in the cart; makes the cart, and its cookie, at the first write.",
    parameters: [path("sku", "The SKU.", SKU_SCHEMA)],
    body: "CartLineBody",
    responses: { 200: { description: "The cart as it is now.", schema: "CartView" } },
    problems: [...BODY_PROBLEMS, "forbidden"],
  },
  deleteCartLine: {
    method: "delete",
    path: "/api/cart/lines/{sku}",
    tag: "Shopping",
    summary: "Takes a SKU out of the cart.",
    parameters: [path("sku", "The SKU.", SKU_SCHEMA)],
    responses: { 200: { description: "The cart as it is now.", schema: "CartView" } },
    problems: ["validation_failed", "forbidden"],
  },
  placeOrder: {
    method: "post",
    path: "/api/orders",
    tag: "Orders",
    summary: "Holds every unit of the order, or none. Repeated with the same key and body, the same order.",
    parameters: [
      {
        name: "Idempotency-Key",
        in: "header",
        description: "1 to 255 visible ASCII characters.",
        required: true,
        schema: { type: "string", pattern: "^[\\x21-\\x7e]{1,255}$" },
      },
    ],
    body: "PlaceOrderBody",
    responses: {
      201: {
        description:
          "The order, also on a replay; then with `Idempotency-Replayed: true` and its current status.",
        schema: "PlacedOrder",
      },
    },
    problems: [
      "idempotency_key_required",
      ...BODY_PROBLEMS,
      "challenge_required",
      "sold_out",
      "purchase_limit",
      "not_on_sale",
      "price_changed",
      "hold_expired",
      "forbidden",
      "idempotency_key_reused",
      "rate_limited",
    ],
  },
  getOrder: {
    method: "get",
    path: "/api/orders/{id}",
    tag: "Orders",
    summary: "The order as it stands.",
    security: "order",
    parameters: [ORDER_ID],
    responses: { 200: { description: "The order.", schema: "OrderView" } },
    problems: ["not_found"],
  },
  startPayment: {
    method: "post",
    path: "/api/orders/{id}/payment",
    tag: "Orders",
    summary: "Makes the order's PaymentIntent; repeated, the same one.",
    security: "order",
    parameters: [ORDER_ID],
    responses: { 201: { description: "What Stripe.js needs.", schema: "PaymentView" } },
    problems: [
      "not_found",
      "hold_expired",
      "already_paid",
      "payment_in_progress",
      "order_closed",
      "payment_provider_error",
      "forbidden",
      "rate_limited",
    ],
  },
  cancelOrder: {
    method: "post",
    path: "/api/orders/{id}/cancel",
    tag: "Orders",
    summary: "Gives the units back now; of a paid order, asks for a refund.",
    security: "order",
    parameters: [ORDER_ID],
    responses: {
      200: { description: "The order, cancelled.", schema: "OrderView" },
      202: { description: "The order is paid; a refund is asked for.", schema: "OrderView" },
    },
    problems: ["not_found", "payment_in_progress", "order_closed", "forbidden"],
  },
  lookUpOrder: {
    method: "post",
    path: "/api/orders/lookup",
    tag: "Orders",
    summary: "Has a link to an order sent to its own address; answers the same whether or not there is one.",
    body: "OrderLookupBody",
    responses: { 202: { description: "Asked for.", schema: "OrderLookupAnswer" } },
    problems: [...BODY_PROBLEMS, "challenge_required", "forbidden", "rate_limited"],
  },
  receiveStripeEvent: {
    method: "post",
    path: "/api/webhooks/stripe",
    tag: "Orders",
    summary: "Takes a signed Stripe event; 200 once it is safely queued.",
    parameters: [
      {
        name: "Stripe-Signature",
        in: "header",
        description: "Stripe's signature over the raw body, at most 300 s old.",
        required: true,
        schema: { type: "string" },
      },
    ],
    responses: { 200: { description: "Queued.", schema: "WebhookReceipt" } },
    problems: ["bad_signature", "bad_request", "payload_too_large"],
  },
  getSkuFigures: {
    method: "get",
    path: "/api/ops/skus/{sku}",
    tag: "Ops",
    summary: "A SKU's figures, from its object.",
    security: "ops",
    parameters: [path("sku", "The SKU.", SKU_SCHEMA)],
    responses: { 200: { description: "The figures.", schema: "SkuFigures" } },
    problems: [...OPS_PROBLEMS, "not_found"],
  },
  getSkuRequests: {
    method: "get",
    path: "/api/ops/skus/{sku}/requests",
    tag: "Ops",
    summary: "What a SKU's object was asked since it woke up.",
    security: "ops",
    parameters: [path("sku", "The SKU.", SKU_SCHEMA)],
    responses: { 200: { description: "The counts.", schema: "SkuRequests" } },
    problems: [...OPS_PROBLEMS, "not_found"],
  },
  adjustSku: {
    method: "post",
    path: "/api/ops/skus/{sku}/adjustments",
    tag: "Ops",
    summary: "Adds or takes away units; idempotent by `id`. Managers only.",
    security: "ops",
    parameters: [path("sku", "The SKU.", SKU_SCHEMA)],
    body: "AdjustmentBody",
    responses: { 200: { description: "The figures after it.", schema: "SkuFigures" } },
    problems: [...OPS_PROBLEMS, ...BODY_PROBLEMS, "not_found", "below_committed"],
  },
  changePrice: {
    method: "put",
    path: "/api/ops/skus/{sku}/price",
    tag: "Ops",
    summary: "Changes a SKU's price from now on; idempotent by `id`. Managers only.",
    security: "ops",
    parameters: [path("sku", "The SKU.", SKU_SCHEMA)],
    body: "PriceBody",
    responses: { 200: { description: "The price that applies now.", schema: "SkuPrice" } },
    problems: [...OPS_PROBLEMS, ...BODY_PROBLEMS, "not_found"],
  },
  findOrders: {
    method: "get",
    path: "/api/ops/orders",
    tag: "Ops",
    summary: "Orders by id or e-mail, newest first; all without a query.",
    security: "ops",
    parameters: [
      query("query", "An order's id or number, or an e-mail address or a part of one.", {
        type: "string",
        maxLength: 254,
      }),
      ...PAGE,
    ],
    responses: { 200: { description: "A page of orders.", schema: "OpsOrderList" } },
    problems: [...OPS_PROBLEMS, "validation_failed"],
  },
  listDeadLetters: {
    method: "get",
    path: "/api/ops/dead-letters",
    tag: "Ops",
    summary: "Messages that were given up, newest first.",
    security: "ops",
    parameters: PAGE,
    responses: { 200: { description: "A page of dead letters.", schema: "DeadLetterList" } },
    problems: [...OPS_PROBLEMS, "validation_failed"],
  },
  replayDeadLetter: {
    method: "post",
    path: "/api/ops/dead-letters/{id}/replay",
    tag: "Ops",
    summary: "Sends a dead letter to its queue again.",
    security: "ops",
    parameters: [path("id", "The dead letter's id.")],
    responses: { 200: { description: "The dead letter, replayed.", schema: "DeadLetter" } },
    problems: [...OPS_PROBLEMS, "not_found"],
  },
  ...PROFILE_ENDPOINTS,
  reportVitals: {
    method: "post",
    path: "/api/vitals",
    tag: "Health",
    summary: "How a visited page felt, from a sample of browsers; nothing in it says whose.",
    body: "VitalsBody",
    responses: { 204: { description: "Counted." } },
    problems: [...BODY_PROBLEMS, "forbidden"],
  },
  reportPolicyViolations: {
    method: "post",
    path: "/api/csp-reports",
    tag: "Health",
    summary:
      "Where browsers tell what a page's content security policy stopped; counted, and nothing of it kept.",
    body: "CspReports",
    responses: { 204: { description: "Counted." } },
    problems: [...BODY_PROBLEMS, "forbidden"],
  },
  getHealth: {
    method: "get",
    path: "/api/health",
    tag: "Health",
    summary:
      "Whether the store and what it depends on are up. Always 200: the store sells without Postgres and Redis.",
    responses: { 200: { description: "The state of each dependency.", schema: "Health" } },
    problems: [],
  },
  getOpenApi: {
    method: "get",
    path: "/api/openapi.json",
    tag: "Health",
    summary: "This document.",
    responses: { 200: { description: "OpenAPI 3.1." } },
    problems: [],
  },
} as const satisfies Record<string, Endpoint>;

export type EndpointName = keyof typeof ENDPOINTS;

/** A path as Hono writes it: `/api/orders/:id`. */
export function routePath(endpoint: Endpoint): string {
  return endpoint.path.replace(/\{(\w+)\}/g, ":$1");
}
