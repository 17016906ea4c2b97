/** Writes the answers of `POST /sql`: results, and errors the way the Neon driver reads them. */
import { DatabaseError } from "pg";
import { AnswerTooLargeError } from "./statement-run.ts";
import type { StatementResult } from "./statement-run.ts";
import { UpstreamUnavailableError } from "./upstream.ts";

/** The fields of a Postgres error that the driver copies onto its `NeonDbError`. */
const ERROR_FIELDS = [
  "severity",
  "code",
  "detail",
  "hint",
  "position",
  "internalPosition",
  "internalQuery",
  "where",
  "schema",
  "table",
  "column",
  "dataType",
  "constraint",
  "file",
  "line",
  "routine",
] as const;

/** Renders one result. Values stay raw Postgres text; the driver turns them into JavaScript values. */
export function renderResult(result: StatementResult, arrayMode: boolean): string {
  const { command, rowCount, fieldsJson } = result;
  const rows = arrayMode ? result.rows : rowsAsObjects(result);
  return `{"command":${JSON.stringify(command)},"rowCount":${String(rowCount)},"rows":${JSON.stringify(rows)},"fields":${fieldsJson},"rowAsArray":${String(arrayMode)}}`;
}

export function renderBatch(results: readonly StatementResult[], arrayMode: boolean): string {
  return `{"results":[${results.map((result) => renderResult(result, arrayMode)).join(",")}]}`;
}

/**
 * Answers status and body for an error. The driver reads fields (SQLSTATE, constraint, ...) from a 400 only; everything
 * else it shows as text. So a 400 is what Postgres said about the statement, and a 5xx that there was nobody to ask.
 */
export function renderError(error: unknown): { status: number; body: string } {
  if (error instanceof DatabaseError) {
    const body: Record<string, string | null> = { message: error.message };
    for (const field of ERROR_FIELDS) body[field] = error[field] ?? null;
    return { status: 400, body: JSON.stringify(body) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { status: statusOf(error), body: JSON.stringify({ message, code: null }) };
}

function statusOf(error: unknown): number {
  if (error instanceof UpstreamUnavailableError) return 503;
  if (error instanceof AnswerTooLargeError) return 507;
  return 500;
}

function rowsAsObjects({ fieldsJson, rows }: StatementResult): Record<string, string | null>[] {
  const fields = JSON.parse(fieldsJson) as { name: string }[];
  return rows.map((row) => Object.fromEntries(fields.map(({ name }, index) => [name, row[index] ?? null])));
}
