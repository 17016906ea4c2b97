/** The net under an outage of our webhook: events that Stripe could not deliver are taken from its Events list. */
import type { StripeEventReceived } from "../../contracts/messages.ts";
import type { Telemetry } from "../../adapters/telemetry/telemetry.ts";

/** An event that is younger is on its way, ms. */
const ON_ITS_WAY_MS = 60_000;
/** A queue takes this many messages at once. */
const MAX_MESSAGES_PER_SEND = 100;

export interface TakeUpEventsDeps {
  /** The newest events, at most `limit`, that Stripe could not deliver. */
  readonly listUndelivered: (limit: number) => Promise<readonly StripeEventReceived[]>;
  /** Which of these the inbox has. Throws while Postgres is away. */
  readonly receivedBefore: (eventIds: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly sendPayments: (messages: StripeEventReceived[]) => Promise<void>;
  /** Epoch ms. */
  readonly clock: () => number;
  readonly telemetry: Pick<Telemetry, "fault">;
}

/**
 * Sends those that were not received by any other way. While Postgres cannot say so all are sent: orders take an event twice
 * without harm.
 *
 * @returns how many were sent
 */
export async function takeUpEvents(deps: TakeUpEventsDeps, limit: number): Promise<number> {
  const late = deps.clock() - ON_ITS_WAY_MS;
  const listed = (await deps.listUndelivered(limit)).filter(({ createdAt }) => createdAt <= late);
  if (listed.length === 0) return 0;
  const received = await receivedBefore(listed, deps);
  const missed = listed.filter(({ eventId }) => !received.has(eventId));
  for (let start = 0; start < missed.length; start += MAX_MESSAGES_PER_SEND)
    await deps.sendPayments(missed.slice(start, start + MAX_MESSAGES_PER_SEND));
  return missed.length;
}

async function receivedBefore(
  listed: readonly StripeEventReceived[],
  deps: TakeUpEventsDeps,
): Promise<ReadonlySet<string>> {
  try {
    return await deps.receivedBefore(listed.map(({ eventId }) => eventId));
  } catch (fault) {
    deps.telemetry.fault("stripe_events.inbox_unread", fault);
    return new Set();
  }
}
