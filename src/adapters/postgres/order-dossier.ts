/** All that Postgres knows of one order, for staff: whose it is, its payments and refunds, what was sent and done. */
import { sql } from "drizzle-orm";
import type {
  DisputeShown,
  FraudWarningShown,
  OrderSnapshot,
  RefusedOperation,
} from "../../contracts/messages.ts";
import type { KeptAddress } from "../../contracts/postal-address.ts";
import type { NoticeKind } from "../../domain/order/notice.ts";
import type { Database } from "./connection.ts";
import { isPostgresText } from "./keyset-cursor.ts";

/** Entries of the audit log shown of one order, the newest. */
const MAX_AUDIT_ENTRIES = 200;

/** Times are epoch ms, sums minor units. */
export interface OrderDossier {
  /** The version of the order that Postgres has. */
  readonly version: number;
  /** Null once the person was erased, or while it has not arrived. */
  readonly email: string | null;
  readonly shippingAddress: KeptAddress | null;
  readonly erasedAt: number | null;
  readonly disputes: readonly DisputeShown[];
  readonly fraudWarning: FraudWarningShown | null;
  readonly refusedOperations: readonly RefusedOperation[];
  readonly payments: readonly StoredPayment[];
  readonly refunds: readonly StoredRefund[];
  readonly emails: readonly { readonly kind: NoticeKind; readonly about: string; readonly sentAt: number }[];
  /** The newest first. */
  readonly audit: readonly StoredAuditEntry[];
}

export interface StoredPayment {
  readonly intentId: string;
  readonly decision: "capture" | "cancel" | null;
  readonly amountMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  readonly lastErrorCode: string | null;
}

export type StoredRefund = OrderSnapshot["refunds"][number];

export interface StoredAuditEntry {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly reason: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

interface Row extends Record<string, unknown> {
  readonly dossier: OrderDossier;
}

/**
 * @returns null where the order has not reached Postgres
 * @throws where Postgres cannot be reached
 */
export async function readOrderDossier(database: Database, orderId: string): Promise<OrderDossier | null> {
  if (!isPostgresText(orderId)) return null;
  const { rows } = await database.write((client) => client.execute<Row>(dossierOf(orderId)));
  return rows[0]?.dossier ?? null;
}

const epochMs = (moment: ReturnType<typeof sql>) => sql`round(extract(epoch from ${moment}) * 1000)::bigint`;

const dossierOf = (orderId: string) => sql`
  select jsonb_build_object(
    'version', orders.version, 'email', contact.email, 'shippingAddress', contact.shipping_address,
    'erasedAt', ${epochMs(sql`contact.erased_at`)}, 'disputes', orders.disputes,
    'fraudWarning', orders.fraud_warning, 'refusedOperations', orders.refused_operations,
    'payments', (select coalesce(jsonb_agg(jsonb_build_object('intentId', intent_id, 'decision', decision,
        'amountMinor', amount_minor, 'capturedMinor', captured_minor, 'refundedMinor', refunded_minor,
        'lastErrorCode', last_error_code) order by updated_at, intent_id), '[]')
      from payments where payments.order_id = orders.order_id),
    'refunds', (select coalesce(jsonb_agg(jsonb_build_object('id', refund_id, 'cause', cause,
        'amountMinor', amount_minor, 'status', status, 'lines', lines, 'shippingMinor', shipping_minor,
        'restock', restock, 'stripeId', stripe_id, 'failure', failure,
        'requestedAt', ${epochMs(sql`requested_at`)}, 'updatedAt', ${epochMs(sql`updated_at`)})
        order by requested_at, refund_id), '[]')
      from order_refunds where order_refunds.order_id = orders.order_id),
    'emails', (select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'about', about,
        'sentAt', ${epochMs(sql`sent_at`)}) order by sent_at, kind), '[]')
      from sent_notices where sent_notices.order_id = orders.order_id),
    'audit', (select coalesce(jsonb_agg(jsonb_build_object('at', ${epochMs(sql`at`)}, 'actor', actor,
        'action', action, 'reason', reason, 'details', details) order by id desc), '[]')
      from (select * from audit_log where subject = orders.order_id order by at desc, id desc
        limit ${MAX_AUDIT_ENTRIES}::int) as newest)
  ) as dossier
  from orders left join order_contacts as contact on contact.order_id = orders.order_id
  where orders.order_id = ${orderId}`;
