/** Events: a snapshot of what changed, kept for the list, and one delivery for each endpoint that wants it. */
import type Stripe from "stripe";
import { resourceMissing } from "./errors.ts";
import type { FormObject } from "./form-decoding.ts";
import { newId } from "./identifiers.ts";
import { LIST_PARAMETERS, listPage } from "./lists.ts";
import { ok } from "./operation.ts";
import type { Answer, Operation } from "./operation.ts";
import { allowOnly, optionalBoolean, optionalString, optionalStringList } from "./parameters.ts";
import type { Delivery, EndpointRecord, EmulatorState } from "./state.ts";

/** The oldest events go, as they go after 30 days at Stripe. */
const MAX_EVENTS = 20_000;

/**
 * The version that the installed SDK speaks; events are rendered in it whatever version a request asks for. Written out,
 * because loading the SDK would be most of the start; its type makes sure that both are the same.
 */
export const API_VERSION: typeof Stripe.API_VERSION = "2026-10-28.endive";

export type EventType =
  | "charge.captured"
  | "charge.dispute.closed"
  | "charge.dispute.created"
  | "charge.dispute.funds_reinstated"
  | "charge.dispute.funds_withdrawn"
  | "charge.failed"
  | "charge.refund.updated"
  | "charge.refunded"
  | "charge.succeeded"
  | "charge.updated"
  | "customer.created"
  | "payment_intent.amount_capturable_updated"
  | "payment_intent.canceled"
  | "payment_intent.created"
  | "payment_intent.payment_failed"
  | "payment_intent.requires_action"
  | "payment_intent.succeeded"
  | "radar.early_fraud_warning.created"
  | "refund.created"
  | "refund.failed"
  | "refund.updated";

/**
 * Records an event about `object` as it is now and queues it for every enabled endpoint that asked for its type.
 * The deliveries leave when the operation's transaction is committed.
 */
export function emit(operation: Operation, type: EventType, object: object): void {
  const { state } = operation;
  const endpoints = [...state.endpoints.values()].filter((endpoint) => wants(endpoint, type));
  const event = {
    id: newId("evt"),
    object: "event",
    api_version: API_VERSION,
    created: operation.now,
    data: { object },
    livemode: false,
    pending_webhooks: endpoints.length,
    request: { id: operation.requestId, idempotency_key: operation.idempotencyKey },
    type,
  };
  state.events.put(event.id, event as unknown as Stripe.Event);
  for (const endpoint of endpoints) state.addDelivery(newDelivery(event.id, endpoint.id, false));
  while (state.events.size > MAX_EVENTS) forgetOldest(state);
}

/** Queues `copies` more deliveries of an event to every endpoint that wants its type. Answers how many those are. */
export function redeliver(state: EmulatorState, event: Stripe.Event, copies: number): number {
  const endpoints = [...state.endpoints.values()].filter((endpoint) => wants(endpoint, event.type));
  // One that nobody asked for when it happened has to be kept from now on.
  if (event.pending_webhooks === 0 && endpoints.length > 0)
    state.events.put(event.id, { ...event, pending_webhooks: endpoints.length });
  for (const endpoint of endpoints) {
    for (let copy = 0; copy < copies; copy += 1) state.addDelivery(newDelivery(event.id, endpoint.id, true));
  }
  return endpoints.length * copies;
}

/** The event as it is shown: with the number of endpoints that have not taken it yet. */
export function renderEvent(state: EmulatorState, event: Stripe.Event): Stripe.Event {
  return { ...event, pending_webhooks: state.deliveries.group(event.id).length };
}

function newDelivery(eventId: string, endpointId: string, redelivery: boolean): Delivery {
  return { id: newId("whd"), eventId, endpointId, failedAttempts: 0, dueMs: 0, redelivery };
}

function wants(endpoint: EndpointRecord, type: string): boolean {
  if (endpoint.status !== "enabled") return false;
  return endpoint.enabled_events.includes("*") || endpoint.enabled_events.includes(type);
}

function forgetOldest(state: EmulatorState): void {
  const oldest = state.events.oldest();
  if (oldest === undefined) return;
  for (const delivery of state.deliveries.group(oldest[0])) state.deliveries.delete(delivery.id);
  state.events.delete(oldest[0]);
  state.lostEvents.delete(oldest[0]);
}

/** `GET /v1/events/:id` */
export function retrieveEvent(operation: Operation, id: string): Answer {
  const event = operation.state.events.get(id);
  if (event === undefined) throw resourceMissing("event", id, "id");
  return ok(renderEvent(operation.state, event));
}

/** `GET /v1/events`, by `type`, `types` (with `*` at the end) and `created`. */
export function listEvents(operation: Operation, params: FormObject): Answer {
  allowOnly(params, [...LIST_PARAMETERS, "type", "types", "delivery_success"]);
  const { state } = operation;
  const type = optionalString(params, "type");
  const types = optionalStringList(params, "types") ?? (type === undefined ? [] : [type]);
  const delivered = optionalBoolean(params, "delivery_success");
  const matches = (event: Stripe.Event): boolean =>
    (types.length === 0 || types.some((pattern) => fits(event.type, pattern))) &&
    (delivered === undefined || isDelivered(state, event) === delivered);
  const page = listPage(state.events, params, { url: "/v1/events", kind: "event", matches });
  return ok({ ...page, data: page.data.map((event) => renderEvent(state, event)) });
}

function isDelivered(state: EmulatorState, { id }: Stripe.Event): boolean {
  return state.deliveries.group(id).length === 0 && !state.lostEvents.has(id);
}

/** `charge.*` fits every type that begins with `charge.`. */
function fits(type: string, pattern: string): boolean {
  return pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}
