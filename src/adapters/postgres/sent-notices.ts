/** Which notices went out to shoppers: suppresses repeats where this record can be reached. */
import { and, eq } from "drizzle-orm";
import type { NoticeKind } from "../../contracts/messages.ts";
import type { Database } from "./connection.ts";
import { sentNotices } from "./schema/orders.ts";

/** Whether this notice of this order has gone out. Asks the primary: a repeat may come within the replica's lag. */
export async function wasNoticeSent(database: Database, orderId: string, kind: NoticeKind): Promise<boolean> {
  const found = await database.write((client) =>
    client
      .select({ sentAt: sentNotices.sentAt })
      .from(sentNotices)
      .where(and(eq(sentNotices.orderId, orderId), eq(sentNotices.kind, kind))),
  );
  return found.length > 0;
}

/** Notes that a notice went out, at epoch ms. The first note stays. */
export async function markNoticeSent(
  database: Database,
  orderId: string,
  kind: NoticeKind,
  sentAt: number,
): Promise<void> {
  await database.write((client) =>
    client
      .insert(sentNotices)
      .values({ orderId, kind, sentAt: new Date(sentAt) })
      .onConflictDoNothing(),
  );
}
