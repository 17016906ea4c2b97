/** Which notices went out to shoppers: suppresses repeats where this record can be reached. */
import { inArray } from "drizzle-orm";
import type { NoticeIdentity } from "../../domain/order/notice.ts";
import type { Database } from "./connection.ts";
import { sentNotices } from "./schema/orders.ts";

export interface SentNotice extends NoticeIdentity {
  readonly orderId: string;
}

/** Which of these notices have gone out. Asks the primary: a repeat may come within the replica's lag. */
export async function noticesSentBefore(
  database: Database,
  notices: readonly SentNotice[],
): Promise<SentNotice[]> {
  const orderIds = notices.map(({ orderId }) => orderId);
  const found = await database.write((client) =>
    client
      .select({ orderId: sentNotices.orderId, kind: sentNotices.kind, about: sentNotices.about })
      .from(sentNotices)
      .where(inArray(sentNotices.orderId, orderIds)),
  );
  return found.filter((sent) =>
    notices.some(
      ({ orderId, kind, about }) => orderId === sent.orderId && kind === sent.kind && about === sent.about,
    ),
  );
}

/** Notes that notices went out, at epoch ms. The first note of each stays. */
export async function markNoticesSent(
  database: Database,
  notices: readonly SentNotice[],
  sentAt: number,
): Promise<void> {
  const rows = notices.map(({ orderId, kind, about }) => ({
    orderId,
    kind,
    about,
    sentAt: new Date(sentAt),
  }));
  await database.write((client) => client.insert(sentNotices).values(rows).onConflictDoNothing());
}
