/** The OpenAPI 3.1 document, made from the endpoint table and the zod schemas. */
import { z } from "zod";
import { PROBLEMS, type ProblemCode } from "../../contracts/problem.ts";
import { ALL_ENDPOINTS } from "./account-endpoints.ts";
import { TAGS, type Endpoint, type Security } from "./endpoint.ts";
import { SCHEMAS, type SchemaName } from "./schemas.ts";

const API_VERSION = "1.0.0";
/** The status that comes without a body. */
const NO_CONTENT = "204";
/** What any endpoint may answer. */
const COMMON_PROBLEMS: readonly ProblemCode[] = ["rate_limited", "internal", "temporarily_unavailable"];

type Json = Record<string, unknown>;

/** Any one of these credentials opens the endpoint; an empty one says that it opens without. */
const SECURITY: Readonly<Record<Security, readonly Json[]>> = {
  none: [],
  shopper: [{}, { cartCookie: [] }, { sessionCookie: [] }],
  order: [{ orderToken: [] }, { orderCookie: [] }, { sessionCookie: [] }],
  session: [{ sessionCookie: [] }],
  ops: [{ opsToken: [] }, { opsCookie: [] }],
  signature: [{ stripeSignature: [] }],
};

/** The document as plain data. Deterministic: the same code makes the same text. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const [operationId, endpoint] of Object.entries(ALL_ENDPOINTS)) {
    (paths[endpoint.path] ??= {})[endpoint.method] = operation(operationId, endpoint);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Holdfast",
      version: API_VERSION,
      description: "An edge-native launch-day store that sells exactly what it has.",
      license: { name: "UNLICENSED", identifier: "LicenseRef-UNLICENSED" },
    },
    servers: [{ url: "/", description: "The store that serves this document." }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        orderToken: { type: "http", scheme: "bearer", description: "The `token` of a placed order." },
        cartCookie: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-cart",
          description: "A guest's cart. The first line put into it sets the cookie.",
        },
        sessionCookie: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-session",
          description: "Set by signing in.",
        },
        orderCookie: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-orders",
          description:
            "The latest orders of a guest's browser. Placing one in a browser with a cart sets it.",
        },
        opsToken: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "A Cloudflare Access token.",
        },
        opsCookie: {
          type: "apiKey",
          in: "cookie",
          name: "CF_Authorization",
          description: "The same token as Cloudflare Access sets it in a browser.",
        },
        stripeSignature: {
          type: "apiKey",
          in: "header",
          name: "Stripe-Signature",
          description: "Stripe's signature over the raw body, at most 300 s old.",
        },
      },
    },
  };
}

function operation(operationId: string, endpoint: Endpoint): Json {
  return {
    operationId,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    security: SECURITY[endpoint.security],
    ...(endpoint.parameters === undefined ? {} : { parameters: endpoint.parameters }),
    ...(endpoint.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { "application/json": { schema: reference(endpoint.body) } },
          },
        }),
    responses: { ...successes(endpoint), ...refusals(endpoint) },
  };
}

function successes({ responses }: Endpoint): Json {
  const entries = Object.entries(responses).map(([status, { description, schema }]) => [
    status,
    status === NO_CONTENT
      ? { description }
      : {
          description,
          content: {
            "application/json": { schema: schema === undefined ? { type: "object" } : reference(schema) },
          },
        },
  ]);
  return Object.fromEntries(entries) as Json;
}

/** One response per status; it names the codes that lead to it. */
function refusals({ problems }: Endpoint): Json {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set([...problems, ...COMMON_PROBLEMS])) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const responses: Json = {};
  for (const [status, codes] of byStatus) {
    responses[status] = {
      description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(" "),
      content: { "application/problem+json": { schema: reference("Problem") } },
    };
  }
  return responses;
}

function reference(name: SchemaName): Json {
  return { $ref: `#/components/schemas/${name}` };
}

/** Every named schema; where one contains another, it refers to it. */
function componentSchemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries<z.ZodType>(SCHEMAS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io: "input",
    uri: (id) => `#/components/schemas/${id}`,
  });
  const components = Object.entries(schemas).map(([id, schema]) => {
    // Every one would name its dialect and its own address, which the document has said already.
    const members = Object.entries(schema).filter(([name]) => name !== "$schema" && name !== "$id");
    return [id, Object.fromEntries(members)];
  });
  return Object.fromEntries(components) as Json;
}
