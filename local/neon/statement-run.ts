/**
 * Sends several SQL statements over one connection in one go and collects their answers as raw Postgres text. Built on
 * the submittable interface of `pg` (as pg-cursor is): `pg`'s own queries wait for each answer before sending the next.
 */
import type { Buffer } from "node:buffer";
import type { Connection, FieldDef, Submittable } from "pg";

export interface Statement {
  text: string;
  /** Parameters as Postgres text, handed over untouched. */
  values: readonly (string | null)[];
}

export interface StatementResult {
  /** The first word of the command tag ("SELECT", "INSERT"); `null` for an empty query. */
  command: string | null;
  rowCount: number | null;
  /** The JSON of the column descriptions, kept as text because it is the same on every run. */
  fieldsJson: string;
  rows: (string | null)[][];
}

/** What one connection has prepared: by SQL text, its name there and, once seen, the JSON of its columns. */
export interface PreparedStatements {
  byText: Map<string, { name: string; fieldsJson: string | undefined }>;
  /** Counts up, so that a name is never used twice on a connection. */
  lastNumber: number;
}

const COMMAND_TAG = /^([A-Z]+)(?: (\d+))?(?: (\d+))?/;
const NO_FIELDS = "[]";

/** The answer is larger than the caller wants to hold in memory. */
export class AnswerTooLargeError extends Error {
  override name = "AnswerTooLargeError";
}

/** One pipelined run. Hand it to `client.query`, then await `finished`. Used once. */
export class StatementRun implements Submittable {
  /** Resolves with one result per statement; rejects with the first error, after which the server skipped the rest. */
  readonly finished: Promise<StatementResult[]>;
  readonly #statements: readonly Statement[];
  readonly #prepared: PreparedStatements;
  readonly #mayPrepare: (text: string) => boolean;
  readonly #maxBytes: number;
  readonly #results: StatementResult[] = [];
  /** Statements being parsed, in order, with the name each will have; "" is forgotten at once by the server. */
  readonly #parsing: { text: string; name: string }[] = [];
  #resolve!: (results: StatementResult[]) => void;
  #reject!: (error: Error) => void;
  #rows: (string | null)[][] = [];
  #fieldsJson: string | undefined;
  #bytes = 0;

  constructor(
    statements: readonly Statement[],
    prepared: PreparedStatements,
    mayPrepare: (text: string) => boolean,
    maxBytes: number,
  ) {
    this.#statements = statements;
    this.#prepared = prepared;
    this.#mayPrepare = mayPrepare;
    this.#maxBytes = maxBytes;
    this.finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: Connection): void {
    const onParsed = (): void => {
      this.#noteParsed();
    };
    connection.on("parseComplete", onParsed);
    const stopListening = (): void => {
      connection.removeListener("parseComplete", onParsed);
    };
    this.finished.then(stopListening, stopListening);
    connection.stream.cork();
    try {
      const namedHere = new Map<string, string>();
      for (const statement of this.#statements) this.#send(connection, statement, namedHere);
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
  }

  #send(connection: Connection, { text, values }: Statement, namedHere: Map<string, string>): void {
    const known = this.#prepared.byText.get(text);
    let name = known?.name ?? namedHere.get(text);
    if (name === undefined) {
      name = this.#mayPrepare(text) ? `s${String((this.#prepared.lastNumber += 1))}` : "";
      connection.parse({ name, text, types: [] }, true);
      this.#parsing.push({ text, name });
      if (name !== "") namedHere.set(text, name);
    }
    connection.bind({ statement: name, values: values as (string | null)[] }, true);
    // A prepared statement cannot change its columns (Postgres refuses with 0A000), so they are asked for only once.
    if (known?.fieldsJson === undefined) connection.describe({ type: "P", name: "" }, true);
    connection.execute(null, true);
  }

  #noteParsed(): void {
    const parsed = this.#parsing.shift();
    if (parsed !== undefined && parsed.name !== "") {
      this.#prepared.byText.set(parsed.text, { name: parsed.name, fieldsJson: undefined });
    }
  }

  handleRowDescription(message: { fields: FieldDef[] }): void {
    this.#fieldsJson = JSON.stringify(message.fields);
  }

  handleDataRow(message: { fields: (string | null)[]; length: number }): void {
    this.#bytes += message.length;
    if (this.#bytes > this.#maxBytes) {
      this.#rows = [];
      this.#reject(new AnswerTooLargeError(`the answer is larger than ${String(this.#maxBytes)} bytes`));
      return;
    }
    this.#rows.push(message.fields);
  }

  handleCommandComplete(message: { text: string }): void {
    const tag = COMMAND_TAG.exec(message.text);
    const count = tag?.[3] ?? tag?.[2];
    this.#finishStatement(tag?.[1] ?? message.text, count === undefined ? null : Number(count));
  }

  handleEmptyQuery(): void {
    this.#finishStatement(null, null);
  }

  #finishStatement(command: string | null, rowCount: number | null): void {
    const text = this.#statements[this.#results.length]?.text ?? "";
    const prepared = this.#prepared.byText.get(text);
    // Not described now means described before, or that it has no columns.
    const fieldsJson = this.#fieldsJson ?? prepared?.fieldsJson ?? NO_FIELDS;
    if (prepared !== undefined) prepared.fieldsJson = fieldsJson;
    this.#results.push({ command, rowCount, fieldsJson, rows: this.#rows });
    this.#rows = [];
    this.#fieldsJson = undefined;
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#results);
  }

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleCopyInResponse(connection: Connection): void {
    this.#reject(new Error("COPY FROM STDIN is not possible over HTTP"));
    // What was sent after it would be taken for data: nothing but a new connection helps.
    connection.stream.destroy();
  }

  /** COPY TO STDOUT: as with Neon, its data are not part of the answer. */
  handleCopyData(message: { chunk: Buffer }): void {
    this.#bytes += message.chunk.length;
  }

  handlePortalSuspended(): void {
    this.#reject(new Error("Postgres suspended a statement although all its rows were asked for"));
  }
}
