/**
 * E-mails with the way to an order, for who asked by number and address. Only here is it known whether there is such an order:
 * who asks gets the same answer at the same time either way. The link goes to the order's own address and no other.
 */
import type { OrderAddress } from "../adapters/postgres/order-claims.ts";
import type { MailOutcome } from "../adapters/email/mailer.ts";
import type { OrderLinkDue } from "../contracts/messages.ts";
import { forEachBounded } from "./bounded-concurrency.ts";
import type { Received } from "./intake.ts";
import type { Settlement, SettlementDeps } from "./settlement.ts";

const SEND_CONCURRENCY = 5;

export interface OrderLinksDeps {
  /** The orders of a number, by the end of their ids. */
  readonly ordersOf: (ending: string) => Promise<readonly OrderAddress[]>;
  /** By what the message knows an address. */
  readonly keyOf: (email: string) => string;
  /** Renders and sends, unless the mailbox has had enough; throws when the message was not taken. */
  readonly send: (order: OrderAddress) => Promise<MailOutcome>;
}

export async function sendOrderLinks(
  received: readonly Received<OrderLinkDue>[],
  settlement: Settlement,
  { telemetry, orderLinks }: SettlementDeps & { readonly orderLinks: OrderLinksDeps },
): Promise<void> {
  await forEachBounded(received, SEND_CONCURRENCY, async ({ message, body }) => {
    try {
      const candidates = await orderLinks.ordersOf(body.ending);
      const meant = candidates.filter(({ email }) => orderLinks.keyOf(email) === body.addressKey);
      if (meant.length === 0) telemetry.count("notices", { outcome: "obsolete", where: "order_link" });
      for (const order of meant) {
        telemetry.count("notices", { outcome: await orderLinks.send(order), where: "order_link" });
      }
      settlement.acknowledge(message);
    } catch (fault) {
      settlement.retry(message, fault, { notice: "order_link" });
    }
  });
}
