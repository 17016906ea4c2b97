import { describe, expect, it } from "vitest";
import { FIRST_REST_MS, MAX_REST_MS, SILENT_AFTER, createReplicaPool } from "./replica-pool.ts";

const PROBE_MS = 500;
const names = (candidates: { client: string }[]) => candidates.map((replica) => replica.client);
const only = <T>(list: T[]): T => {
  const [first] = list;
  if (first === undefined) throw new Error("no candidate");
  return first;
};

describe("the replica pool", () => {
  it("lets replicas take turns and names the others as stand-ins", () => {
    const pool = createReplicaPool(["a", "b", "c"], PROBE_MS);
    expect([names(pool.candidates(0)), names(pool.candidates(0)), names(pool.candidates(0))]).toEqual([
      ["a", "b", "c"],
      ["b", "c", "a"],
      ["c", "a", "b"],
    ]);
  });

  it("has no candidates where there are no replicas", () => {
    expect(createReplicaPool([], PROBE_MS).candidates(0)).toEqual([]);
  });

  it("leaves a failed replica out until it has rested, then asks it once before it counts again", () => {
    const pool = createReplicaPool(["a", "b"], PROBE_MS);
    const failing = only(pool.candidates(0));
    pool.failed(failing, 0);
    expect(names(pool.candidates(FIRST_REST_MS - 1))).toEqual(["b"]);

    expect(names(pool.candidates(FIRST_REST_MS))).toEqual(["a", "b"]);
    expect(names(pool.candidates(FIRST_REST_MS))).toEqual(["b"]);

    pool.succeeded(failing);
    expect(names(pool.candidates(FIRST_REST_MS)).toSorted()).toEqual(["a", "b"]);
  });

  it("lets another probe through when the first never reported back", () => {
    const pool = createReplicaPool(["a"], PROBE_MS);
    pool.failed(only(pool.candidates(0)), 0);
    expect(pool.candidates(FIRST_REST_MS)).toHaveLength(1);
    expect(pool.candidates(FIRST_REST_MS + PROBE_MS - 1)).toHaveLength(0);
    expect(pool.candidates(FIRST_REST_MS + PROBE_MS)).toHaveLength(1);
  });

  it("keeps a replica that we gave a read up on, and leaves it out once it was silent several times in a row", () => {
    const pool = createReplicaPool(["a"], PROBE_MS);
    const replica = only(pool.candidates(0));
    for (let read = 1; read < SILENT_AFTER; read += 1) pool.gaveUp(replica, 0);
    expect(names(pool.candidates(0))).toEqual(["a"]);

    // Any answer shows that the slow reads were slow by themselves.
    pool.succeeded(replica);
    for (let read = 1; read < SILENT_AFTER; read += 1) pool.gaveUp(replica, 0);
    expect(names(pool.candidates(0))).toEqual(["a"]);

    pool.gaveUp(replica, 0);
    expect(names(pool.candidates(0))).toEqual([]);
    expect(names(pool.candidates(FIRST_REST_MS))).toEqual(["a"]);
    pool.gaveUp(replica, FIRST_REST_MS);
    expect(names(pool.candidates(2 * FIRST_REST_MS))).toEqual([]);
  });

  it("doubles the rest with every failure, up to a bound", () => {
    const pool = createReplicaPool(["a"], PROBE_MS);
    const replica = only(pool.candidates(0));
    const rests = Array.from({ length: 8 }, () => {
      pool.failed(replica, 0);
      return replica.restsUntil;
    });
    expect(rests.slice(0, 4)).toEqual([1, 2, 4, 8].map((factor) => factor * FIRST_REST_MS));
    expect(rests.at(-1)).toBe(MAX_REST_MS);
  });
});
