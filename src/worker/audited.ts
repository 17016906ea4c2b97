/**
 * A change by ops and its entry in the audit log: no entry, no change.
 *
 * The log is in Postgres, the change is elsewhere, and no transaction spans both. So what is about to be done is written
 * first, and where it cannot be written nothing is done; what came of it is written after. A first entry without a
 * second one says that the outcome is unknown: the changes are idempotent, and their own records (the ledger, by the
 * command's id) tell.
 */
import type { OpsPrincipal } from "../adapters/access/access.ts";
import { appendAuditEntry } from "../adapters/postgres/audit-log.ts";
import type { AppContext } from "./app-env.ts";
import { servicesOf } from "./compose.ts";
import { actorOf } from "./middleware/ops-access.ts";

export interface AuditedCommand {
  /** A verb: `stock.adjust`. */
  readonly action: string;
  readonly subject: string;
  readonly reason: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

export type AuditedOutcome<T> =
  | { readonly ok: true; readonly outcome: T }
  /** Nothing was changed. */
  | { readonly ok: false; readonly detail: string };

/**
 * Writes down who is about to do what, does it, and writes down what came of it.
 *
 * @param change may be repeated by its caller without doing more
 * @param logged what the log keeps of the outcome: no personal data of shoppers
 * @returns its outcome; or a refusal where the log cannot be written
 * @throws what `change` threw
 */
export async function audited<T extends object>(
  c: AppContext,
  principal: OpsPrincipal,
  command: AuditedCommand,
  change: () => Promise<T>,
  logged: (outcome: T) => object = (outcome) => outcome,
): Promise<AuditedOutcome<T>> {
  const { telemetry } = servicesOf(c.env);
  const requestId = c.get("requestId");
  const append = (phase: "requested" | "done" | "failed", outcome: unknown) =>
    appendAuditEntry(servicesOf(c.env).database, {
      actor: actorOf(principal),
      action: command.action,
      subject: command.subject,
      reason: command.reason,
      details: { ...command.details, role: principal.role, phase, outcome },
      requestId,
      at: Date.now(),
    });
  try {
    await append("requested", null);
  } catch (error) {
    telemetry.fault("audit.refused_change", error, { requestId, reason: command.action });
    return { ok: false, detail: "The audit log cannot be written right now, so nothing was changed." };
  }
  let phase: "done" | "failed" = "failed";
  let kept: object | null = null;
  try {
    const outcome = await change();
    phase = "done";
    kept = logged(outcome);
    return { ok: true, outcome };
  } finally {
    await append(phase, kept).catch((error: unknown) => {
      telemetry.fault("audit.outcome_unwritten", error, { requestId, reason: command.action });
    });
  }
}
