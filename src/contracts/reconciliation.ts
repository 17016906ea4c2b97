/** HTTP shapes and the queue message of reconciliation. */
import * as z from "zod";
import { DRIFT_ACTIONS, DRIFT_KINDS } from "../domain/reconciliation/drift.ts";
import { Timestamp } from "./catalog.ts";
import { MESSAGE_VERSION } from "./messages.ts";
import { Reason } from "./ops-orders.ts";

export const RECONCILIATION_SCOPES = ["full", "since"] as const;
export const RECONCILIATION_STATUSES = ["running", "done", "failed"] as const;

/** A resync is a run, too: what Postgres lost in a restore is sent again. */
export const RUN_SCOPES = [...RECONCILIATION_SCOPES, "resync"] as const;
export type RunScope = (typeof RUN_SCOPES)[number];

/** The parts of a run, in their order. */
export const RUN_PARTS = ["intents", "refunds", "disputes", "orders", "skus"] as const;

/** How far a run has come. */
export interface RunCursor {
  readonly part: (typeof RUN_PARTS)[number];
  /** Of the part `orders`: which shard. */
  readonly shard: number;
  /** The last item that was looked at; null at the beginning of a part or a shard. */
  readonly after: string | null;
  /** Of the part `skus`: SKUs of which further orders are to be looked at. */
  readonly pending: readonly { readonly sku: string; readonly after: string }[];
}

export const ReconciliationBody = z
  .strictObject({
    scope: z.enum(RECONCILIATION_SCOPES),
    /** What changed since then; only with `since`. */
    since: Timestamp.optional(),
  })
  .superRefine(({ scope, since }, context) => {
    if ((scope === "since") === (since !== undefined)) return;
    const message = scope === "since" ? "is required with this scope" : "cannot be given with this scope";
    context.addIssue({ code: "custom", path: ["since"], message });
  });

export const ResyncBody = z.strictObject({ reason: Reason });

export const Finding = z.object({
  kind: z.enum(DRIFT_KINDS),
  orderId: z.string().optional(),
  sku: z.string().optional(),
  intentId: z.string().optional(),
  /** What was done about it; `alerted` is left to staff. */
  action: z.enum(DRIFT_ACTIONS),
});

export const Reconciliation = z.object({
  id: z.string(),
  status: z.enum(RECONCILIATION_STATUSES),
  scope: z.enum(RUN_SCOPES),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  /** The first thousand. */
  findings: z.array(Finding),
});
export type Reconciliation = z.infer<typeof Reconciliation>;

/** reconciliation queue: the next part of a run; a message of a step that was taken says nothing any more. */
export const ReconciliationStep = z.object({
  v: z.literal(MESSAGE_VERSION),
  type: z.literal("reconciliation.step"),
  id: z.string(),
  step: z.int().nonnegative(),
});
export type ReconciliationStep = z.infer<typeof ReconciliationStep>;
