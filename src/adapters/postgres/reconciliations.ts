/** The runs of reconciliation: begun, taken step by step, ended, with what they found. */
import { and, asc, desc, eq, inArray, lte, sql } from "drizzle-orm";
import type { RunCursor, RunScope } from "../../contracts/reconciliation.ts";
import type { Drift } from "../../domain/reconciliation/drift.ts";
import type { Database } from "./connection.ts";
import { orders, payments } from "./schema/orders.ts";
import { reconciliationFindings, reconciliations } from "./schema/reconciliations.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const MAX_FINDINGS_SHOWN = 1_000;
/** A run that finds more has met something that is not to be read one by one. */
const MAX_FINDINGS = 10_000;

export type Run = typeof reconciliations.$inferSelect;

/**
 * Begins a run, unless one of its kind is under way: then that one is answered.
 *
 * @param now epoch ms
 */
export async function beginRun(
  database: Database,
  run: { readonly scope: RunScope; readonly since: number | null; readonly cursor: RunCursor },
  now: number,
): Promise<Run> {
  const running = await runningRuns(database);
  const same = running.find(({ scope }) => scope === run.scope);
  if (same !== undefined && run.scope !== "since") return same;
  const at = new Date(now);
  const [begun] = await database.write((client) =>
    client
      .insert(reconciliations)
      .values({
        ...run,
        since: run.since === null ? null : new Date(run.since),
        status: "running",
        startedAt: at,
        updatedAt: at,
      })
      .returning(),
  );
  if (begun === undefined) throw new Error("a run was not stored");
  return begun;
}

export async function readRun(database: Database, id: string): Promise<Run | null> {
  if (!UUID.test(id)) return null;
  const [run] = await database.write((client) =>
    client.select().from(reconciliations).where(eq(reconciliations.id, id)),
  );
  return run ?? null;
}

export async function findingsOf(database: Database, id: string): Promise<Drift[]> {
  return await database.write((client) =>
    client
      .select({
        kind: reconciliationFindings.kind,
        action: reconciliationFindings.action,
        orderId: reconciliationFindings.orderId,
        sku: reconciliationFindings.sku,
        intentId: reconciliationFindings.intentId,
      })
      .from(reconciliationFindings)
      .where(eq(reconciliationFindings.reconciliationId, id))
      .orderBy(asc(reconciliationFindings.id))
      .limit(MAX_FINDINGS_SHOWN),
  );
}

/** At most a few: a run of each kind, and those that came to a halt. */
export async function runningRuns(database: Database): Promise<Run[]> {
  return await database.write((client) =>
    client
      .select()
      .from(reconciliations)
      .where(eq(reconciliations.status, "running"))
      .orderBy(desc(reconciliations.startedAt))
      .limit(20),
  );
}

/** When the newest run of these scopes began, epoch ms; null where none has. */
export async function lastRunAt(database: Database, scopes: readonly RunScope[]): Promise<number | null> {
  const [run] = await database.write((client) =>
    client
      .select({ startedAt: reconciliations.startedAt })
      .from(reconciliations)
      .where(and(inArray(reconciliations.scope, [...scopes]), eq(reconciliations.status, "done")))
      .orderBy(desc(reconciliations.startedAt))
      .limit(1),
  );
  return run?.startedAt.getTime() ?? null;
}

/**
 * Writes down what a step found and where the next one begins, unless the step was taken already.
 *
 * @param next null: the run is done
 * @returns whether it was written
 */
export async function stepTaken(
  database: Database,
  run: Pick<Run, "id" | "step">,
  findings: readonly Drift[],
  next: RunCursor | null,
  now: number,
): Promise<boolean> {
  const at = new Date(now).toISOString();
  const cursor = next === null ? sql`cursor` : sql`${JSON.stringify(next)}::jsonb`;
  const { rows } = await database.write((client) =>
    client.execute<{ id: string }>(sql`
      with taken as (
        update reconciliations set step = step + 1, updated_at = ${at}::timestamptz, cursor = ${cursor},
          status = ${next === null ? "done" : "running"},
          finished_at = ${next === null ? at : null}::timestamptz
        where id = ${run.id}::uuid and step = ${run.step} and status = 'running'
        returning id
      ), found as (
        insert into reconciliation_findings (reconciliation_id, kind, action, order_id, sku, intent_id)
        select taken.id, kind, action, "orderId", sku, "intentId"
        from taken, jsonb_to_recordset(${JSON.stringify(findings)}::jsonb)
          as f(kind text, action text, "orderId" text, sku text, "intentId" text)
        where (select count(*) from reconciliation_findings where reconciliation_id = taken.id) < ${MAX_FINDINGS}
        on conflict do nothing
      )
      select id from taken`),
  );
  return rows.length > 0;
}

/** Ends runs that have not moved since `before` (epoch ms). Answers how many. */
export async function failStalledRuns(database: Database, before: number, now: number): Promise<number> {
  const failed = await database.write((client) =>
    client
      .update(reconciliations)
      .set({ status: "failed", finishedAt: new Date(now) })
      .where(and(eq(reconciliations.status, "running"), lte(reconciliations.updatedAt, new Date(before))))
      .returning({ id: reconciliations.id }),
  );
  return failed.length;
}

/** Versions of the copies of these orders; one that is not there is left out. Asks the primary. */
export async function copiedVersions(
  database: Database,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (orderIds.length === 0) return new Map();
  const rows = await database.write((client) =>
    client
      .select({ orderId: orders.orderId, version: orders.version })
      .from(orders)
      .where(
        sql`${orders.orderId} in (select jsonb_array_elements_text(${JSON.stringify(orderIds)}::jsonb))`,
      ),
  );
  return new Map(rows.map(({ orderId, version }) => [orderId, version]));
}

/** Notes that Stripe lists these intents. */
export async function markListed(
  database: Database,
  intentIds: readonly string[],
  now: number,
): Promise<void> {
  if (intentIds.length === 0) return;
  await database.write((client) =>
    client.execute(sql`
      update payments set listed_at = ${new Date(now).toISOString()}::timestamptz
      where intent_id in (select jsonb_array_elements_text(${JSON.stringify(intentIds)}::jsonb))`),
  );
}

/** Those of these intents that Stripe listed since `since` (epoch ms). */
export async function listedSince(
  database: Database,
  intentIds: readonly string[],
  since: number,
): Promise<ReadonlySet<string>> {
  if (intentIds.length === 0) return new Set();
  const rows = await database.write((client) =>
    client
      .select({ intentId: payments.intentId })
      .from(payments)
      .where(
        and(
          sql`${payments.intentId} in (select jsonb_array_elements_text(${JSON.stringify(intentIds)}::jsonb))`,
          sql`${payments.listedAt} >= ${new Date(since).toISOString()}::timestamptz`,
        ),
      ),
  );
  return new Set(rows.map(({ intentId }) => intentId));
}
