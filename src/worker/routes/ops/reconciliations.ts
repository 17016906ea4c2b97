/** Reconciliation: begun by staff or by the cron, read while it runs and after; and the resync after a restore of Postgres. */
import type { OpsPrincipal } from "../../../adapters/access/access.ts";
import { findingsOf, readRun, type Run } from "../../../adapters/postgres/reconciliations.ts";
import {
  ReconciliationBody,
  ResyncBody,
  type Reconciliation,
  type RunScope,
} from "../../../contracts/reconciliation.ts";
import type { Drift } from "../../../domain/reconciliation/drift.ts";
import { beginReconciliation } from "../../../queues/reconciliation/begin.ts";
import type { AppContext } from "../../app-env.ts";
import { audited } from "../../audited.ts";
import { servicesOf } from "../../compose.ts";
import { forManagers, forReaders, forWriters } from "../../middleware/ops-access.ts";
import { problem } from "../../middleware/problem.ts";
import { readJson, refuseBody } from "../../middleware/request-body.ts";
import { pathParameter, register, type App } from "../register.ts";

export function registerReconciliations(app: App): void {
  register(app, "beginReconciliation", forWriters(begin));
  register(app, "readReconciliation", forReaders(read));
  register(app, "resync", forManagers(resync));
}

async function begin(c: AppContext, principal: OpsPrincipal): Promise<Response> {
  const body = await readJson(c.req.raw, ReconciliationBody);
  if (!body.ok) return refuseBody(c, body);
  const { scope, since } = body.value;
  // Not before 1970: the year 0000 is a moment to this language and none to Postgres.
  return await beginRun(
    c,
    principal,
    scope,
    since === undefined ? null : Math.max(0, Date.parse(since)),
    null,
  );
}

async function resync(c: AppContext, principal: OpsPrincipal): Promise<Response> {
  const body = await readJson(c.req.raw, ResyncBody);
  if (!body.ok) return refuseBody(c, body);
  return await beginRun(c, principal, "resync", null, body.value.reason);
}

async function beginRun(
  c: AppContext,
  principal: OpsPrincipal,
  scope: RunScope,
  since: number | null,
  reason: string | null,
): Promise<Response> {
  const { database } = servicesOf(c.env);
  const command = {
    action: scope === "resync" ? "postgres.resync" : "reconciliation.begin",
    subject: scope,
    reason,
    details: { since: since === null ? null : new Date(since).toISOString() },
  };
  const deps = {
    database,
    sendStep: async (message: unknown) => {
      await c.env.RECONCILIATION_QUEUE.send(message);
    },
  };
  const change = await audited(c, principal, command, async () => {
    const run = await beginReconciliation(deps, scope, since, Date.now());
    return { id: run.id, run };
  });
  if (!change.ok) return problem(c, "temporarily_unavailable", { detail: change.detail });
  return c.json(viewOf(change.outcome.run, []), 202);
}

async function read(c: AppContext): Promise<Response> {
  const { database } = servicesOf(c.env);
  const run = await readRun(database, pathParameter(c, "id"));
  if (run === null) return problem(c, "not_found");
  return c.json(viewOf(run, await findingsOf(database, run.id)));
}

function viewOf(
  { id, status, scope, startedAt, finishedAt }: Run,
  findings: readonly Drift[],
): Reconciliation {
  return {
    id,
    status,
    scope,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    findings: findings.map(({ kind, orderId, sku, intentId, action }) => ({
      kind,
      ...(orderId === null ? {} : { orderId }),
      ...(sku === null ? {} : { sku }),
      ...(intentId === null ? {} : { intentId }),
      action,
    })),
  };
}
