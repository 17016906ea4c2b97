/** What an endpoint of the API says of itself, and the parameters that many of them take. */
import type { ProblemCode } from "../../contracts/problem.ts";
import type { SchemaName } from "./schemas.ts";

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly description: string;
  readonly required: boolean;
  /** JSON Schema of the value. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/**
 * `none`: anyone. `shopper`: the browser's cart and session where it has them, and anyone without. `order`: the right to one
 * order. `session`: who is signed in. `ops`: Cloudflare Access. `signature`: Stripe's, over the raw body.
 */
export type Security = "none" | "shopper" | "order" | "session" | "ops" | "signature";

/** The parts of the API, in the order of the document. */
export const TAGS = {
  Shopping: "The catalog, search, availability and the cart. Shared answers are cached at the edge.",
  Orders: "Placing an order, paying for it, following it, canceling it, and finding it again.",
  Accounts: "Signing up and in, and what an account keeps: addresses, orders, the wish list, sessions.",
  Ops: "Stock, prices, orders and dead letters, for those who run the store. Every change is audited.",
  Health: "Whether the store is up, this document, and what browsers report about its pages.",
} as const;

export interface Endpoint {
  readonly method: "get" | "put" | "post" | "patch" | "delete";
  /** In OpenAPI's form: `/api/orders/{id}`. */
  readonly path: string;
  readonly tag: keyof typeof TAGS;
  readonly summary: string;
  /** What it takes as credentials; every endpoint says so, also that it takes none. */
  readonly security: Security;
  readonly parameters?: readonly Parameter[];
  readonly body?: SchemaName;
  readonly responses: Readonly<
    Record<number, { readonly description: string; readonly schema?: SchemaName }>
  >;
  /** Beside those that every endpoint may answer (`rate_limited`, `internal`, …). */
  readonly problems: readonly ProblemCode[];
}

export const SKU_SCHEMA = { type: "string", pattern: "^[A-Z0-9][A-Z0-9-]{1,38}[A-Z0-9]$" };

export const path = (
  name: string,
  description: string,
  schema: Parameter["schema"] = { type: "string" },
): Parameter => ({
  name,
  in: "path",
  description,
  required: true,
  schema,
});
export const query = (name: string, description: string, schema: Parameter["schema"]): Parameter => ({
  name,
  in: "query",
  description,
  required: false,
  schema,
});

export const PAGE: readonly Parameter[] = [
  query("cursor", "`nextCursor` of the page before.", { type: "string", maxLength: 500 }),
  query("limit", "Items on a page.", { type: "integer", minimum: 1, maximum: 100, default: 50 }),
];

/** What may be wrong with a JSON body. */
export const BODY_PROBLEMS = [
  "malformed_json",
  "payload_too_large",
  "unsupported_media_type",
  "validation_failed",
] as const;

/** Why an endpoint of staff refuses its caller. */
export const OPS_PROBLEMS = ["unauthorised", "forbidden"] as const;
