/** The inbox of Stripe's events: each kept once, as a record for people and for reconciliation. */
import type { StripeEventReceived } from "../../contracts/messages.ts";
import type { Database } from "./connection.ts";
import { stripeEvents } from "./schema/operations.ts";

/** Stores events in one round trip. Answers the ids of those that were not there yet. */
export async function recordStripeEvents(
  database: Database,
  events: readonly StripeEventReceived[],
): Promise<string[]> {
  if (events.length === 0) return [];
  const rows = events.map((event) => ({
    eventId: event.eventId,
    eventType: event.eventType,
    createdAt: new Date(event.createdAt),
    orderId: event.orderId,
    intent: event.intent,
  }));
  const stored = await database.write((client) =>
    client
      .insert(stripeEvents)
      .values(rows)
      .onConflictDoNothing()
      .returning({ eventId: stripeEvents.eventId }),
  );
  return stored.map((row) => row.eventId);
}
