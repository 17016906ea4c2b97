/** WebhookEndpoints: where events go. One of them is configured from outside and outlives a reset. */
import { invalidRequest, parameterInvalid, parameterMissing, resourceMissing } from "./errors.ts";
import { API_VERSION } from "./events.ts";
import type { FormObject } from "./form-decoding.ts";
import { newId, randomLetters } from "./identifiers.ts";
import { LIST_PARAMETERS, listPage } from "./lists.ts";
import { ok } from "./operation.ts";
import type { Answer, Operation } from "./operation.ts";
import {
  allowOnly,
  mergedMetadata,
  optionalBoolean,
  optionalClearable,
  optionalString,
} from "./parameters.ts";
import { optionalStringList, requiredString } from "./parameters.ts";
import type { EmulatorState, EndpointRecord } from "./state.ts";

/** Stripe's own limit for an account in test mode. */
const MAX_ENDPOINTS = 16;
const SECRET_LETTERS = 32;

/** The endpoint that the command line names. */
export const CONFIGURED_ENDPOINT_ID = "we_3configuredOutsideOfTheApi";

/** Sets (or with `null` removes) the configured endpoint. */
export function configureEndpoint(
  state: EmulatorState,
  configured: { url: string; secret: string; events: readonly string[] } | null,
  nowSeconds: number,
): void {
  if (configured === null) {
    if (state.endpoints.get(CONFIGURED_ENDPOINT_ID) !== undefined)
      state.endpoints.delete(CONFIGURED_ENDPOINT_ID);
    return;
  }
  const created = state.endpoints.get(CONFIGURED_ENDPOINT_ID)?.created ?? nowSeconds;
  const record = newEndpoint(
    CONFIGURED_ENDPOINT_ID,
    configured.url,
    configured.secret,
    [...configured.events],
    created,
  );
  state.endpoints.put(record.id, record);
}

/** `POST /v1/webhook_endpoints`; the only answer that shows the secret. */
export function createEndpoint(operation: Operation, params: FormObject): Answer {
  allowOnly(params, ["url", "enabled_events", "description", "metadata", "api_version", "connect", "expand"]);
  const url = readUrl(requiredString(params, "url"));
  const events = readEvents(params);
  if (events === undefined) throw parameterMissing("enabled_events");
  if (operation.state.endpoints.size >= MAX_ENDPOINTS) {
    throw invalidRequest(`You have reached the maximum of ${MAX_ENDPOINTS} test webhook endpoints.`);
  }
  const secret = `whsec_${randomLetters(SECRET_LETTERS)}`;
  const record: EndpointRecord = {
    ...newEndpoint(newId("we"), url, secret, events, operation.now),
    description: optionalClearable(params, "description") ?? null,
    metadata: mergedMetadata(params, {}),
  };
  operation.state.endpoints.put(record.id, record);
  return ok(record);
}

/** `POST /v1/webhook_endpoints/:id` */
export function updateEndpoint(operation: Operation, id: string, params: FormObject): Answer {
  allowOnly(params, ["url", "enabled_events", "description", "metadata", "disabled", "expand"]);
  const current = findEndpoint(operation, id);
  const url = optionalString(params, "url");
  const disabled = optionalBoolean(params, "disabled");
  const description = optionalClearable(params, "description");
  const changed: EndpointRecord = {
    ...current,
    description: description === undefined ? current.description : description,
    enabled_events: readEvents(params) ?? current.enabled_events,
    metadata: mergedMetadata(params, current.metadata),
    status: disabled === undefined ? current.status : disabled ? "disabled" : "enabled",
    url: url === undefined ? current.url : readUrl(url),
  };
  operation.state.endpoints.put(id, changed);
  return ok(withoutSecret(changed));
}

/** `GET /v1/webhook_endpoints/:id` */
export function retrieveEndpoint(operation: Operation, id: string): Answer {
  return ok(withoutSecret(findEndpoint(operation, id)));
}

/** `GET /v1/webhook_endpoints` */
export function listEndpoints(operation: Operation, params: FormObject): Answer {
  allowOnly(params, LIST_PARAMETERS);
  const options = { url: "/v1/webhook_endpoints", kind: "webhook_endpoint" };
  const page = listPage(operation.state.endpoints, params, options);
  return ok({ ...page, data: page.data.map(withoutSecret) });
}

/** `DELETE /v1/webhook_endpoints/:id`; what was still to be delivered there is given up. */
export function deleteEndpoint(operation: Operation, id: string): Answer {
  findEndpoint(operation, id);
  operation.state.endpoints.delete(id);
  return ok({ id, object: "webhook_endpoint", deleted: true });
}

function newEndpoint(
  id: string,
  url: string,
  secret: string,
  events: string[],
  created: number,
): EndpointRecord {
  return {
    id,
    object: "webhook_endpoint",
    api_version: API_VERSION,
    application: null,
    created,
    description: null,
    enabled_events: events,
    livemode: false,
    metadata: {},
    secret,
    status: "enabled",
    url,
  };
}

function findEndpoint(operation: Operation, id: string): EndpointRecord {
  const endpoint = operation.state.endpoints.get(id);
  if (endpoint === undefined) throw resourceMissing("webhook endpoint", id, "webhook_endpoint");
  return endpoint;
}

function withoutSecret(endpoint: EndpointRecord): object {
  return Object.fromEntries(Object.entries(endpoint).filter(([name]) => name !== "secret"));
}

function readUrl(url: string): string {
  const parsed = URL.parse(url);
  if (parsed?.protocol === "http:" || parsed?.protocol === "https:") return url;
  throw parameterInvalid(
    "url",
    "Invalid URL: An explicit scheme (such as https) must be provided.",
    "url_invalid",
  );
}

function readEvents(params: FormObject): string[] | undefined {
  const events = optionalStringList(params, "enabled_events");
  if (events === undefined) return undefined;
  if (events.length > 0 && events.every((name) => /^(\*|[a-z0-9_]+(\.[a-z0-9_]+)+)$/.test(name)))
    return events;
  throw parameterInvalid("enabled_events", "enabled_events must name event types, or be ['*'].");
}
