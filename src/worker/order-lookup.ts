/**
 * Looking an order up by its number and the address it was ordered with. Nobody is shown anything: where there is such an
 * order, a link goes to its own address. What is done here does not depend on whether there is one, nor does how long it takes.
 */
import { judgeAttempt } from "../adapters/accounts/attempt-limits.ts";
import { accountKeyFor } from "../adapters/signing/index.ts";
import { MESSAGE_VERSION, type OrderLinkDue } from "../contracts/messages.ts";
import type { OrderLookupBody } from "../contracts/orders.ts";
import { orderIdEnding } from "../domain/order/number.ts";
import type { AppContext } from "./app-env.ts";
import { servicesOf } from "./compose.ts";
import { clientNetwork } from "./middleware/read-limit.ts";
import { mustBePerson, type PersonVerdict } from "./person-check.ts";

export const LOOKUP_ANSWER =
  "If there is an order with this number and address, a link to it is on its way to that address.";

/**
 * Has the link sent to whoever proves to be a person, unless too many were asked for: from this network, for this address or
 * for this number.
 *
 * @param asked as the schema judged it
 * @throws RedisUnavailable where nothing can be counted, and what the queue threw
 */
export async function askForOrderLink(
  c: AppContext,
  asked: Pick<OrderLookupBody, "number" | "email" | "turnstileToken">,
): Promise<PersonVerdict> {
  const { redis, signing } = servicesOf(c.env);
  const ending = orderIdEnding(asked.number);
  if (ending === null) throw new RangeError("not an order number: the schema has not judged it");
  const person = await mustBePerson(c, "order_lookup", { token: asked.turnstileToken });
  if (!person.ok) return person;
  const addressKey = accountKeyFor(signing, asked.email);
  const verdict = await judgeAttempt(redis.limits, {
    kind: "lookup",
    network: clientNetwork(c),
    account: addressKey,
    order: ending,
    isKnownBrowser: false,
    isProvenPerson: person.isProven,
  });
  if (!verdict.ok) return { ok: false, code: "rate_limited", retryAfterSeconds: verdict.retryAfterSeconds };
  const message: OrderLinkDue = { v: MESSAGE_VERSION, type: "order_link.due", ending, addressKey };
  await c.env.NOTIFICATIONS_QUEUE.send(message);
  return person;
}
