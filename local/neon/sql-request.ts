/** Reads a `POST /sql` request of the Neon protocol: its body and the headers that shape a batch. */
import type { IncomingHttpHeaders } from "node:http";
import type { Statement } from "./statement-run.ts";

const MAX_STATEMENTS = 1_000;

interface SqlRequest {
  statements: Statement[];
  /** Whether the answer is `{results: [...]}`: the body had `queries`. */
  batch: boolean;
  /** For a batch, the statement that opens its transaction. */
  begin: string | undefined;
  /** Rows as arrays, else as objects. */
  arrayMode: boolean;
}

type ParsedSqlRequest = { ok: true; request: SqlRequest } | { ok: false; message: string };

const ISOLATION_LEVELS: Readonly<Record<string, string>> = {
  ReadUncommitted: "READ UNCOMMITTED",
  ReadCommitted: "READ COMMITTED",
  RepeatableRead: "REPEATABLE READ",
  Serializable: "SERIALIZABLE",
};

/** Parses body and headers. A refusal carries the sentence for the caller. */
export function parseSqlRequest(body: string, headers: IncomingHttpHeaders): ParsedSqlRequest {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { ok: false, message: "the body is not JSON" };
  }
  if (!isRecord(json)) return { ok: false, message: "the body is not a JSON object" };
  const arrayMode = headers["neon-array-mode"] === "true";
  if (json["queries"] === undefined) {
    const statement = readStatement(json);
    if (statement === undefined)
      return { ok: false, message: "the body has neither a query with params nor queries" };
    return { ok: true, request: { statements: [statement], batch: false, begin: undefined, arrayMode } };
  }
  const { queries } = json;
  if (!Array.isArray(queries) || queries.length > MAX_STATEMENTS) {
    return { ok: false, message: `queries is an array of at most ${String(MAX_STATEMENTS)}` };
  }
  const statements: Statement[] = [];
  for (const query of queries) {
    const statement = isRecord(query) ? readStatement(query) : undefined;
    if (statement === undefined) return { ok: false, message: "each of queries has a query and params" };
    statements.push(statement);
  }
  const begin = beginStatement(headers);
  if (begin === undefined) return { ok: false, message: "the batch headers name no transaction mode" };
  return { ok: true, request: { statements, batch: true, begin, arrayMode } };
}

function readStatement(value: Record<string, unknown>): Statement | undefined {
  const { query, params } = value;
  if (typeof query !== "string") return undefined;
  if (params === undefined || params === null) return { text: query, values: [] };
  if (!Array.isArray(params)) return undefined;
  return { text: query, values: params.map(asText) };
}

/** The driver sends text and null only. What other callers send is turned to text the way Neon does. */
function asText(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return `{${value.map(asArrayElement).join(",")}}`;
  return JSON.stringify(value);
}

function asArrayElement(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (Array.isArray(value)) return `{${value.map(asArrayElement).join(",")}}`;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function beginStatement(headers: IncomingHttpHeaders): string | undefined {
  const level = headers["neon-batch-isolation-level"];
  const readOnly = headers["neon-batch-read-only"];
  const deferrable = headers["neon-batch-deferrable"];
  let text = "BEGIN";
  if (level !== undefined) {
    const words =
      typeof level === "string" && Object.hasOwn(ISOLATION_LEVELS, level)
        ? ISOLATION_LEVELS[level]
        : undefined;
    if (words === undefined) return undefined;
    text += ` ISOLATION LEVEL ${words}`;
  }
  if (readOnly === "true") text += " READ ONLY";
  else if (readOnly === "false") text += " READ WRITE";
  else if (readOnly !== undefined) return undefined;
  if (deferrable === "true") text += " DEFERRABLE";
  else if (deferrable === "false") text += " NOT DEFERRABLE";
  else if (deferrable !== undefined) return undefined;
  return text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
