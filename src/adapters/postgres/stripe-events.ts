/** The inbox of Stripe's events: each kept once, as a record for people and for reconciliation. */
import { inArray } from "drizzle-orm";
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

/** Which of these events are in the inbox. Asks the primary: what has just come counts. */
export async function stripeEventsReceived(
  database: Database,
  eventIds: readonly string[],
): Promise<Set<string>> {
  const rows = await database.write((client) =>
    client
      .select({ eventId: stripeEvents.eventId })
      .from(stripeEvents)
      .where(inArray(stripeEvents.eventId, [...eventIds])),
  );
  return new Set(rows.map(({ eventId }) => eventId));
}
