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

export interface Endpoint {
  readonly method: "get" | "put" | "post" | "patch" | "delete";
  /** In OpenAPI's form: `/api/orders/{id}`. */
  readonly path: string;
  readonly tag: "Shopping" | "Orders" | "Accounts" | "Ops" | "Health";
  readonly summary: string;
  /** Whose credentials it takes: the order's buyer, or ops. */
  readonly security?: "order" | "session" | "ops";
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
