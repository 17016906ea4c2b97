/** One Postgres server behind the Neon protocol: a bounded pool of connections, and statements run on it. */
import { DatabaseError, Pool } from "pg";
import type { PoolClient } from "pg";
import { isolateEnvironment } from "../process/environment.ts";
import { StatementCatalog } from "./statement-catalog.ts";
import { StatementRun } from "./statement-run.ts";
import type { PreparedStatements, Statement, StatementResult } from "./statement-run.ts";

export const DEFAULT_MAX_CONNECTIONS = 20;
/** For a connection: to be made, or to become free. Shorter than a caller's patience, so it learns why. */
const CONNECTION_TIMEOUT_MS = 3_000;
const IDLE_TIMEOUT_MS = 60_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** Postgres ends a statement by itself before this; it is for a Postgres that does not answer at all. */
const RUN_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;
const MAX_WAITING = 1_000;
const MAX_PREPARED_PER_CONNECTION = 256;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const MAX_ATTEMPTS = 3;
/** Commands after which prepared statements may no longer fit. */
const CHANGES_SCHEMA = new Set(["CREATE", "ALTER", "DROP"]);

interface Session extends PreparedStatements {
  /** The schema generation its prepared statements belong to. */
  generation: number;
}

/** The server cannot be reached, or not in time: another try later may succeed. */
export class UpstreamUnavailableError extends Error {
  override name = "UpstreamUnavailableError";
}

export class Upstream {
  readonly host: string;
  readonly port: number;
  readonly #pool: Pool;
  readonly #catalog = new StatementCatalog();
  readonly #sessions = new WeakMap<PoolClient, Session>();
  #generation = 0;

  /** Takes a Postgres connection URL and the number of connections it may open. Connects only when first used. */
  constructor(url: string, maxConnections: number) {
    const { hostname, port } = new URL(url);
    this.host = hostname;
    this.port = port === "" ? 5432 : Number(port);
    isolateEnvironment();
    this.#pool = new Pool({
      connectionString: url,
      max: maxConnections,
      connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      application_name: "holdfast_neon",
    });
    // An idle connection broke (the server stopped): the pool has dropped it already, and the next one tells.
    this.#pool.on("error", () => undefined);
    // A connection that breaks in use rejects its run, which tells the caller; `pg` also emits, and must not crash us.
    this.#pool.on("connect", (client) => client.on("error", () => undefined));
  }

  /**
   * Runs the statements in one go and answers a result for each; with `begin` (a BEGIN statement) all in one transaction,
   * which is rolled back by the first error. Aborting `signal` ends the connection, and Postgres then ends the statement.
   * Rejects with Postgres' own `DatabaseError`, or with `UpstreamUnavailableError`.
   */
  async run(
    statements: readonly Statement[],
    begin: string | undefined,
    signal: AbortSignal,
  ): Promise<StatementResult[]> {
    const all =
      begin === undefined
        ? statements
        : [{ text: begin, values: [] }, ...statements, { text: "COMMIT", values: [] }];
    for (let attempt = 1; ; attempt += 1) {
      try {
        const results = await this.#runOnce(all, begin !== undefined, signal);
        return begin === undefined ? results : results.slice(1, -1);
      } catch (error) {
        if (!isOutdatedPlan(error) || attempt >= MAX_ATTEMPTS) throw error;
        // The schema was changed behind our back. Nothing has happened yet (all was rolled back), so once more.
        this.#generation += 1;
      }
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #runOnce(
    statements: readonly Statement[],
    inTransaction: boolean,
    signal: AbortSignal,
  ): Promise<StatementResult[]> {
    let reusable = true;
    for (const [index, { text }] of statements.entries()) {
      const ours = inTransaction && (index === 0 || index === statements.length - 1);
      if (this.#catalog.noteUse(text).leavesTraces && !ours) reusable = false;
    }
    const client = await this.#checkOut();
    const disconnect = (): void => {
      client.connection.stream.destroy();
    };
    const timer = setTimeout(disconnect, RUN_TIMEOUT_MS);
    signal.addEventListener("abort", disconnect);
    try {
      if (signal.aborted) throw new UpstreamUnavailableError("the caller has gone away");
      const results = await this.#runOn(client, statements, inTransaction);
      reusable &&= client.getTransactionStatus() === "I";
      if (results.some(({ command }) => CHANGES_SCHEMA.has(command ?? ""))) this.#generation += 1;
      return results;
    } catch (error) {
      reusable &&= error instanceof DatabaseError && error.severity === "ERROR";
      if (reusable && inTransaction) reusable = await this.#rollBack(client);
      throw asUnavailable(error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", disconnect);
      const session = this.#sessions.get(client);
      const full = (session?.byText.size ?? 0) >= MAX_PREPARED_PER_CONNECTION;
      client.release(!reusable || full);
    }
  }

  async #runOn(
    client: PoolClient,
    statements: readonly Statement[],
    inTransaction: boolean,
  ): Promise<StatementResult[]> {
    const session = await this.#sessionOf(client);
    const lastIndex = statements.length - 1;
    const ours = inTransaction ? new Set([statements[0]?.text, statements[lastIndex]?.text]) : undefined;
    const mayPrepare = (text: string): boolean =>
      ours?.has(text) === true || this.#catalog.isWorthPreparing(text);
    const run = new StatementRun(statements, session, mayPrepare, MAX_ANSWER_BYTES);
    client.query(run);
    return run.finished;
  }

  async #rollBack(client: PoolClient): Promise<boolean> {
    try {
      await client.query("ROLLBACK");
      return client.getTransactionStatus() === "I";
    } catch {
      // The connection is given up, which rolls back as well; the caller gets the first error, which says more.
      return false;
    }
  }

  async #sessionOf(client: PoolClient): Promise<Session> {
    const known = this.#sessions.get(client);
    if (known?.generation === this.#generation) return known;
    const generation = this.#generation;
    if (known !== undefined) await client.query("DEALLOCATE ALL");
    const fresh: Session = { byText: new Map(), lastNumber: known?.lastNumber ?? 0, generation };
    this.#sessions.set(client, fresh);
    return fresh;
  }

  #checkOut(): Promise<PoolClient> {
    if (this.#pool.waitingCount >= MAX_WAITING) {
      return Promise.reject(new UpstreamUnavailableError("too many requests are waiting for a connection"));
    }
    return new Promise((resolve, reject) => {
      this.#pool.connect((error, client) => {
        if (client !== undefined) resolve(client);
        else reject(asUnavailable(error ?? new Error("no connection")));
      });
    });
  }
}

/** SQLSTATEs that speak of the server and not of the statement: shutting down, starting up, full, connection lost. */
const SERVER_STATES = /^(08...|57P0[123]|53300)$/;

/** Turns what means "no database there" into one error; anything else passes unchanged. */
function asUnavailable(error: unknown): Error {
  if (error instanceof UpstreamUnavailableError) return error;
  if (error instanceof DatabaseError && !SERVER_STATES.test(error.code ?? "")) return error;
  if (error instanceof Error && !(error instanceof DatabaseError) && !isNetworkError(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new UpstreamUnavailableError(`could not reach Postgres: ${reason}`, { cause: error });
}

/** `pg` reports a lost connection as a plain error without a code, the system with one. */
function isNetworkError(error: Error): boolean {
  if ((error as NodeJS.ErrnoException).syscall !== undefined) return true;
  return /^(Connection terminated|timeout exceeded|timeout expired|Client (has encountered|was closed)|no connection|read ECONN|write EPIPE|This socket)/.test(
    error.message,
  );
}

/** Postgres refuses a prepared statement whose columns have changed, or whose name it does not know (any more). */
function isOutdatedPlan(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false;
  return error.code === "26000" || (error.code === "0A000" && error.routine === "RevalidateCachedQuery");
}
