/** Postgres as the rest of the store sees it: writes go to the primary, reads to a replica that answers. */
import { sql } from "drizzle-orm";
import { isOwnDeadline } from "../outage/own-deadline.ts";
import { isRecoveryConflict, isServerUnwell } from "./errors.ts";
import { createNeonClient } from "./neon-client.ts";
import type { PostgresClient } from "./neon-client.ts";
import { createReplicaPool } from "./replica-pool.ts";

/** How long after a write the writer's next requests read from the primary: more than a replica normally lags. */
export const READ_YOUR_WRITES_MS = 10_000;
/** A replica is given up sooner than the primary: somebody else can still answer. */
const REPLICA_TIMEOUT_MS = 2_000;

/** A query on one endpoint. May be run again on another, so a read must only read. */
export type Query<T> = (client: PostgresClient) => PromiseLike<T>;

export interface Database {
  /** Runs a read on a replica, on the next one where that fails, at last on the primary. Throws what the primary threw. */
  read<T>(query: Query<T>): Promise<T>;
  /** Runs a query on the primary, once. After a time limit it may or may not have happened. */
  write<T>(query: Query<T>): Promise<T>;
  /**
   * The database for one request: what the request has written it reads from the primary.
   *
   * @param options.pinnedUntil epoch ms until which reads go to the primary from the start; what an earlier request of
   *   the same visitor got from `pinnedUntil()`
   */
  session(options?: { pinnedUntil?: number | null }): DatabaseSession;
}

export interface DatabaseSession extends Database {
  /** Epoch ms until which this visitor should go on reading from the primary; null where nothing was written. */
  pinnedUntil(): number | null;
}

export interface DatabaseOptions {
  primaryUrl: string;
  /** Connection strings of the replicas; empty: the primary answers reads too. */
  replicaUrls: readonly string[];
  /** A local server of the Neon protocol in front of all of them; empty: Neon itself. */
  proxyUrl: string;
  /** Time limit of one query, its answer included. */
  timeoutMs: number;
  /** Time limit of one query on a replica; 2 s or `timeoutMs` where that is shorter. */
  replicaTimeoutMs?: number;
  /** The clock, epoch ms. */
  now?: () => number;
}

/** Holds no connection and no state of a request, so one instance may serve every request of an isolate. */
export function createDatabase(options: DatabaseOptions): Database {
  const now = options.now ?? Date.now;
  const replicaTimeoutMs = options.replicaTimeoutMs ?? Math.min(options.timeoutMs, REPLICA_TIMEOUT_MS);
  const primary = createNeonClient(options.primaryUrl, options.proxyUrl, options.timeoutMs);
  const replicas = createReplicaPool(
    options.replicaUrls.map((url) => createNeonClient(url, options.proxyUrl, replicaTimeoutMs)),
    replicaTimeoutMs,
  );

  const write = async <T>(query: Query<T>): Promise<T> => await query(primary);
  const read = async <T>(query: Query<T>): Promise<T> => {
    for (const replica of replicas.candidates(now())) {
      try {
        const answer = await query(replica.client);
        replicas.succeeded(replica);
        return answer;
      } catch (error) {
        // Any other refusal by Postgres is about the query and would be the same elsewhere.
        if (isOwnDeadline(error)) replicas.gaveUp(replica, now());
        else if (isServerUnwell(error)) replicas.failed(replica, now());
        else if (!isRecoveryConflict(error)) throw error;
      }
    }
    return await query(primary);
  };
  const session: Database["session"] = ({ pinnedUntil = null } = {}) =>
    createSession({ read, write, session }, now, pinnedUntil);
  return { read, write, session };
}

function createSession(database: Database, now: () => number, pinnedBefore: number | null): DatabaseSession {
  let pinnedUntil = pinnedBefore;
  let hasWritten = false;
  const opened: Database["session"] = (options = {}) => database.session({ pinnedUntil, ...options });
  return {
    read: (query) =>
      hasWritten || (pinnedUntil !== null && now() < pinnedUntil)
        ? database.write(query)
        : database.read(query),
    write: async (query) => {
      // Before the write, and whatever becomes of it: one that ran into its time limit may have happened.
      hasWritten = true;
      try {
        return await database.write(query);
      } finally {
        pinnedUntil = now() + READ_YOUR_WRITES_MS;
      }
    },
    session: opened,
    pinnedUntil: () => (pinnedUntil !== null && pinnedUntil > now() ? pinnedUntil : null),
  };
}

/** Answers when the primary answers; throws where it does not. For the health check. */
export async function pingPostgres(database: Database): Promise<void> {
  await database.write((client) => client.execute(sql`select 1`));
}
