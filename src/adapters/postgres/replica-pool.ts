/**
 * Which replica answers the next read: they take turns, and one that failed is left out for a while. A read that we gave up is
 * no failure by itself, since one slow query says nothing of the others; several in a row, with no answer in between, are.
 */

/** How long a replica is left out after its first failure; doubled with each further one up to the maximum. */
export const FIRST_REST_MS = 2_000;
export const MAX_REST_MS = 30_000;
/** Reads given up in a row after which a replica counts as silent, and is left out as one that failed. */
export const SILENT_AFTER = 3;

export interface Replica<Client> {
  readonly client: Client;
  /** Failures since its last success. */
  failures: number;
  /** Reads that we gave up since its last answer. */
  unanswered: number;
  /** Not asked before this moment (epoch ms). */
  restsUntil: number;
}

export interface ReplicaPool<Client> {
  /** The replicas that may be asked now, the next in turn first. A rested one is handed out to one probe at a time. */
  candidates(now: number): Replica<Client>[];
  succeeded(replica: Replica<Client>): void;
  failed(replica: Replica<Client>, now: number): void;
  /** A read ran into our own time limit. */
  gaveUp(replica: Replica<Client>, now: number): void;
}

/**
 * @param clients one per replica; may be empty
 * @param probeMs how long the one probe of a rested replica may take before another is let through. A deadline rather
 *   than a flag, because the request that probes may be cancelled and never report back.
 */
export function createReplicaPool<Client>(clients: readonly Client[], probeMs: number): ReplicaPool<Client> {
  const replicas = clients.map((client): Replica<Client> => ({
    client,
    failures: 0,
    unanswered: 0,
    restsUntil: 0,
  }));
  let turn = 0;
  const failed = (replica: Replica<Client>, now: number): void => {
    replica.failures += 1;
    replica.restsUntil = now + Math.min(MAX_REST_MS, FIRST_REST_MS * 2 ** (replica.failures - 1));
  };
  return {
    candidates(now) {
      const first = turn;
      turn = replicas.length === 0 ? 0 : (turn + 1) % replicas.length;
      const inTurn = [...replicas.slice(first), ...replicas.slice(0, first)].filter(
        (replica) => now >= replica.restsUntil,
      );
      const healthy = inTurn.filter((replica) => replica.failures === 0);
      const rested = inTurn.find((replica) => replica.failures > 0);
      if (rested === undefined) return healthy;
      rested.restsUntil = now + probeMs;
      return [rested, ...healthy];
    },
    succeeded(replica) {
      replica.failures = 0;
      replica.unanswered = 0;
      replica.restsUntil = 0;
    },
    failed,
    gaveUp(replica, now) {
      replica.unanswered += 1;
      // One that was left out before is out until it answers.
      if (replica.failures > 0 || replica.unanswered >= SILENT_AFTER) failed(replica, now);
    },
  };
}
