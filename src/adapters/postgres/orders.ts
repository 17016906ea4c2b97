/** Takes orders into Postgres: what is newer replaces what is older, whatever order the messages come in. */
import { sql } from "drizzle-orm";
import type { ChangedOrder } from "../../contracts/messages.ts";
import { normaliseEmail } from "../../domain/email-address.ts";
import type { Database } from "./connection.ts";

/** How many orders one statement takes. */
export const MAX_ORDERS_PER_STATEMENT = 500;

/** What is safely in Postgres of an order. */
export interface PersistedOrder {
  orderId: string;
  /** This version of the order, or a newer one, is in Postgres. */
  version: number;
  /** The order's contact is in Postgres, or was erased there: either way the object need not keep it for us. */
  contactPersisted: boolean;
}

/**
 * Stores snapshots and contacts in one statement, so in one transaction and one round trip.
 *
 * @returns one answer per distinct order, after the commit: its newest version among those given
 * @throws what Postgres threw, and then nothing is stored; see `isCausedByData` for an error that one order caused
 */
export async function persistOrders(
  database: Database,
  orders: readonly ChangedOrder[],
): Promise<PersistedOrder[]> {
  if (orders.length === 0) return [];
  if (orders.length > MAX_ORDERS_PER_STATEMENT)
    throw new RangeError(`at most ${MAX_ORDERS_PER_STATEMENT} orders`);
  const incoming = JSON.stringify(newestPerOrder(orders));
  const result = await database.write((client) => client.execute<Stored>(storeOrders(incoming)));
  return result.rows.map((row) => ({
    orderId: row.order_id,
    version: row.version,
    contactPersisted: row.contact_persisted,
  }));
}

interface Stored extends Record<string, unknown> {
  order_id: string;
  version: number;
  contact_persisted: boolean;
}

/** One row per order: its newest snapshot, and its contact wherever in the batch that came along. */
function newestPerOrder(orders: readonly ChangedOrder[]) {
  const byOrder = new Map<string, ChangedOrder>();
  for (const { snapshot, contact } of orders) {
    const known = byOrder.get(snapshot.orderId);
    byOrder.set(snapshot.orderId, {
      snapshot: known !== undefined && known.snapshot.version >= snapshot.version ? known.snapshot : snapshot,
      contact: known?.contact ?? contact,
    });
  }
  return [...byOrder.values()].map(({ snapshot, contact }) => ({
    snapshot,
    contact: contact === null ? null : { ...contact, emailNormalised: normaliseEmail(contact.email) },
  }));
}

/**
 * Rows are taken in the order of their ids: two consumers with the same orders then wait for one another instead of
 * locking each other up. A row that is already as new is left alone, and so are its lines, timeline and payment.
 * Parts of the statement do not see one another's rows, hence `written` and the two ways a contact can be there.
 */
const storeOrders = (incoming: string) => sql`
  with incoming as materialized (
    select s.*, m.value -> 'contact' as contact
    from jsonb_array_elements(${incoming}::jsonb) as m,
      jsonb_to_record(m.value -> 'snapshot') as s(
        "orderId" text, status text, version int, "openedAt" bigint, "updatedAt" bigint, "holdExpiresAt" bigint,
        buyer text, "accountId" text, "shippingMethod" text, totals jsonb, lines jsonb, timeline jsonb, payment jsonb,
        "refundRequested" boolean, "refusedOperations" jsonb, refunds jsonb, disputes jsonb, "fraudWarning" jsonb,
        parcels jsonb)
  ), written as (
    insert into orders (order_id, status, version, opened_at, updated_at, hold_expires_at, buyer, account_id,
      shipping_method, subtotal_minor, shipping_minor, tax_minor, total_minor, taxes, currency, refund_requested,
      refused_operations, disputes, fraud_warning)
    select "orderId", status, version, to_timestamp("openedAt" / 1000.0), to_timestamp("updatedAt" / 1000.0),
      to_timestamp("holdExpiresAt" / 1000.0), buyer,
      case when not exists (select from order_contacts as gone
        where gone.order_id = "orderId" and gone.erased_at is not null) then "accountId" end,
      "shippingMethod",
      (totals ->> 'subtotal')::bigint, (totals ->> 'shipping')::bigint, (totals ->> 'tax')::bigint,
      (totals ->> 'total')::bigint, coalesce(totals -> 'taxes', '[]'), totals ->> 'currency', "refundRequested",
      coalesce("refusedOperations", '[]'), coalesce(disputes, '[]'), nullif("fraudWarning", 'null'::jsonb)
    from incoming order by "orderId"
    on conflict (order_id) do update set
      status = excluded.status, version = excluded.version, updated_at = excluded.updated_at,
      hold_expires_at = excluded.hold_expires_at, account_id = coalesce(orders.account_id, excluded.account_id),
      refund_requested = excluded.refund_requested,
      refused_operations = excluded.refused_operations, disputes = excluded.disputes,
      fraud_warning = excluded.fraud_warning, persisted_at = now()
    where excluded.version > orders.version
    returning order_id
  ), fresh as (
    select incoming.* from incoming join written on written.order_id = incoming."orderId" order by "orderId"
  ), stored_lines as (
    insert into order_lines (order_id, sku, position, name, quantity, unit_amount_minor, tax_amounts)
    select fresh."orderId", line.value ->> 'sku', line.ordinality, line.value ->> 'name',
      (line.value ->> 'quantity')::int, (line.value ->> 'unitAmountMinor')::bigint,
      coalesce(line.value -> 'taxAmounts', '[]')
    from fresh, jsonb_array_elements(fresh.lines) with ordinality as line
    on conflict (order_id, sku) do nothing
  ), stored_timeline as (
    insert into order_timeline (order_id, position, status, at)
    select fresh."orderId", step.ordinality, step.value ->> 'status',
      to_timestamp((step.value ->> 'at')::bigint / 1000.0)
    from fresh, jsonb_array_elements(fresh.timeline) with ordinality as step
    on conflict (order_id, position) do update set status = excluded.status, at = excluded.at
    where (order_timeline.status, order_timeline.at) is distinct from (excluded.status, excluded.at)
  ), stored_payments as (
    insert into payments (order_id, intent_id, order_version, decision, amount_minor, captured_minor, refunded_minor,
      currency, last_error_code, updated_at)
    select fresh."orderId", payment ->> 'intentId', version, payment ->> 'decision',
      (payment ->> 'amountMinor')::bigint, (payment ->> 'capturedMinor')::bigint,
      (payment ->> 'refundedMinor')::bigint, totals ->> 'currency', payment ->> 'lastErrorCode',
      to_timestamp("updatedAt" / 1000.0)
    from fresh where jsonb_typeof(payment) = 'object'
    on conflict (order_id, intent_id) do update set
      order_version = excluded.order_version, decision = excluded.decision, amount_minor = excluded.amount_minor,
      captured_minor = excluded.captured_minor, refunded_minor = excluded.refunded_minor,
      last_error_code = excluded.last_error_code, updated_at = excluded.updated_at
    where excluded.order_version > payments.order_version
  ), stored_refunds as (
    insert into order_refunds (order_id, refund_id, cause, amount_minor, status, lines, shipping_minor, restock,
      stripe_id, failure, requested_at, updated_at)
    select fresh."orderId", refund ->> 'id', refund ->> 'cause', (refund ->> 'amountMinor')::bigint, refund ->> 'status',
      refund -> 'lines', (refund ->> 'shippingMinor')::bigint, refund ->> 'restock', refund ->> 'stripeId',
      refund ->> 'failure', to_timestamp((refund ->> 'requestedAt')::bigint / 1000.0),
      to_timestamp((refund ->> 'updatedAt')::bigint / 1000.0)
    from fresh, jsonb_array_elements(fresh.refunds) as refund
    on conflict (order_id, refund_id) do update set
      status = excluded.status, restock = excluded.restock, stripe_id = excluded.stripe_id,
      failure = excluded.failure, updated_at = excluded.updated_at
    where (order_refunds.status, order_refunds.restock, order_refunds.stripe_id, order_refunds.failure)
      is distinct from (excluded.status, excluded.restock, excluded.stripe_id, excluded.failure)
  ), stored_parcels as (
    insert into order_parcels (order_id, parcel_id, position, carrier, tracking_number, lines, shipped_at, delivery_id,
      delivered_at)
    select fresh."orderId", parcel.value ->> 'id', parcel.ordinality, parcel.value ->> 'carrier',
      parcel.value ->> 'trackingNumber', parcel.value -> 'lines',
      to_timestamp((parcel.value ->> 'shippedAt')::bigint / 1000.0), parcel.value ->> 'deliveryId',
      to_timestamp((parcel.value ->> 'deliveredAt')::bigint / 1000.0)
    from fresh, jsonb_array_elements(fresh.parcels) with ordinality as parcel
    on conflict (order_id, parcel_id) do update set
      delivery_id = excluded.delivery_id, delivered_at = excluded.delivered_at
    where (order_parcels.delivery_id, order_parcels.delivered_at)
      is distinct from (excluded.delivery_id, excluded.delivered_at)
  ), stored_contacts as (
    insert into order_contacts (order_id, email, email_normalised, shipping_address)
    select "orderId", contact ->> 'email', contact ->> 'emailNormalised', contact -> 'shippingAddress'
    from incoming where jsonb_typeof(contact) = 'object' order by "orderId"
    on conflict (order_id) do nothing
  )
  select "orderId" as order_id, version,
    jsonb_typeof(contact) = 'object'
      or exists (select from order_contacts where order_contacts.order_id = "orderId") as contact_persisted
  from incoming`;

/**
 * Erases an order's personal data with its tie to an account, and refuses any that arrives later. Repeating it changes
 * nothing.
 *
 * @param erasedAt epoch ms
 */
export async function eraseOrderContact(
  database: Database,
  orderId: string,
  erasedAt: number,
): Promise<void> {
  await database.write((client) =>
    client.execute(sql`
      with unowned as (
        update orders set account_id = null where order_id = ${orderId} and account_id is not null
        returning order_id
      )
      insert into order_contacts (order_id, erased_at)
      -- Named here, so that its row is locked first: so does "storeOrders", and neither waits for the other.
      select ${orderId}, to_timestamp(${erasedAt}::bigint / 1000.0) from (select count(*) from unowned) as first
      on conflict (order_id) do update set
        email = null, email_normalised = null, shipping_address = null, erased_at = excluded.erased_at
      where order_contacts.erased_at is null`),
  );
}
