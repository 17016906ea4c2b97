/** The audit log: who changed what, when and why. It only grows; the database refuses anything else. */
import type { Database } from "./connection.ts";
import { auditLog } from "./schema/operations.ts";

export interface AuditEntry {
  /** Who: the e-mail or service name of the verified credential. */
  actor: string;
  /** What was done, e.g. `stock.adjusted`. */
  action: string;
  /** To what: a SKU, an order id, a dead letter's id. */
  subject: string;
  reason: string | null;
  /** The command and its outcome. No personal data of shoppers. */
  details: Record<string, unknown>;
  requestId: string | null;
  /** Epoch ms. */
  at: number;
}

/** Appends an entry. Throws where it cannot be written; then the caller must not say that all is done. */
export async function appendAuditEntry(database: Database, entry: AuditEntry): Promise<void> {
  await database.write((client) => client.insert(auditLog).values({ ...entry, at: new Date(entry.at) }));
}
