/** The endpoints by which staff have the parts of the store compared. */
import { BODY_PROBLEMS, OPS_PROBLEMS, path, type Endpoint } from "./endpoint.ts";

export const RECONCILIATION_ENDPOINTS = {
  beginReconciliation: {
    method: "post",
    path: "/api/ops/reconciliations",
    tag: "Ops",
    summary:
      "Begins to compare units, ledger, orders and Stripe's money with one another; a full one that is under way is answered instead.",
    security: "ops",
    body: "ReconciliationBody",
    responses: { 202: { description: "The run.", schema: "Reconciliation" } },
    problems: [...OPS_PROBLEMS, ...BODY_PROBLEMS],
  },
  readReconciliation: {
    method: "get",
    path: "/api/ops/reconciliations/{id}",
    tag: "Ops",
    summary: "A run of reconciliation with what it has found so far.",
    security: "ops",
    parameters: [path("id", "The run's id.")],
    responses: { 200: { description: "The run.", schema: "Reconciliation" } },
    problems: [...OPS_PROBLEMS, "not_found"],
  },
  resync: {
    method: "post",
    path: "/api/ops/resync",
    tag: "Ops",
    summary:
      "After a restore of Postgres: every order sends its copy again, and the copies of the ledgers are bridged.",
    security: "ops",
    body: "ResyncBody",
    responses: { 202: { description: "The run, read like a reconciliation.", schema: "Reconciliation" } },
    problems: [...OPS_PROBLEMS, ...BODY_PROBLEMS],
  },
} as const satisfies Record<string, Endpoint>;
