/** Dead letters as staff see to them: replayed one by one or all at once, or discarded with a reason. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { DeadLetter, DeadLetterList, Replayed } from "../../src/contracts/ops-dead-letters.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { ownStore } from "../harness/own-store.ts";
import { expectStatus } from "../harness/store.ts";

// Of its own: it replays every letter there is.
const running = ownStore();
const store = () => running().store;

/** A letter whose message its queue's consumer dead-letters again, under the same identity. */
async function storeLetter(
  body: unknown = { v: 1, type: "no such message", n: randomUUID() },
  queue = "notifications",
) {
  const [row] = await store().rows<{ id: string }>(
    "insert into dead_letters (queue, message_id, body, error, attempts, stored_at) values ($1, $2, $3, 'x', 1, now() - interval '1 hour') returning id",
    [queue, randomUUID(), JSON.stringify(body)],
  );
  if (row === undefined) throw new Error("not stored");
  return row.id;
}

const listed = async () =>
  (expectStatus(await store().ops("GET", "/api/ops/dead-letters?limit=100"), 200) as DeadLetterList).items;
const auditOf = (subject: string) =>
  store().rows<{ action: string; reason: string | null; phase: string }>(
    "select action, reason, details ->> 'phase' as phase from audit_log where subject = $1 order by id",
    [subject],
  );

describe("a dead letter", () => {
  it("is discarded with a reason, once, and that is in the audit log", async () => {
    const id = await storeLetter();
    const path = `/api/ops/dead-letters/${id}/discard`;
    expectProblem(await store().ops("POST", path, {}), "validation_failed");
    const discarded = expectStatus(
      await store().ops("POST", path, { reason: "a test's order" }),
      200,
    ) as DeadLetter;
    expect(discarded).toMatchObject({ id, discardReason: "a test's order", replayedAt: null });
    expect((await listed()).map((letter) => letter.id)).not.toContain(id);
    expect(expectStatus(await store().ops("POST", path, { reason: "again" }), 200)).toEqual(discarded);
    expect(await auditOf(id)).toMatchObject([
      { action: "dead_letter.discard", reason: "a test's order", phase: "requested" },
      { action: "dead_letter.discard", reason: "a test's order", phase: "done" },
      { reason: "again", phase: "requested" },
      { reason: "again", phase: "done" },
    ]);
    expectProblem(
      await store().ops("POST", `/api/ops/dead-letters/${randomUUID()}/discard`, { reason: "x" }),
      "not_found",
    );
    // Replaying is the way back.
    const replayed = expectStatus(await store().ops("POST", `/api/ops/dead-letters/${id}/replay`), 200);
    expect(replayed).toMatchObject({ id, discardedAt: null, discardReason: null });
  });

  it("shows no address of a shopper, wherever in the message it is", async () => {
    const contact = { email: "private@example.com", shippingAddress: { name: "Private" } };
    const id = await storeLetter(
      { v: 1, orders: [{ snapshot: { orderId: "o" }, contact }, { contact: null }] },
      "orders",
    );
    const letter = (await listed()).find((each) => each.id === id);
    expect(letter?.body).toMatchObject({ orders: [{ contact: "(personal data)" }, { contact: null }] });
    expect(JSON.stringify(letter)).not.toContain("rivate@");
  });

  it("of many is replayed with all others of its queue, a hundred in one call, and those that fail again wait for the next time", async () => {
    for (let count = 0; count < 103; count += 1) await storeLetter();
    const replay = async (body: object) =>
      expectStatus(await store().ops("POST", "/api/ops/dead-letters/replay", body), 200) as Replayed;
    expectProblem(
      await store().ops("POST", "/api/ops/dead-letters/replay", { queue: "none" }),
      "validation_failed",
    );
    expect(await replay({ storedBefore: "0000-01-01T00:00:00Z" })).toMatchObject({ replayed: 0, left: 0 });
    const first = await replay({ queue: "notifications" });
    expect(first).toMatchObject({ replayed: 100, failed: 0 });
    expect(first.left).toBeGreaterThanOrEqual(3);
    const { storedBefore } = first;
    const second = await replay({ queue: "notifications", storedBefore });
    expect(second).toEqual({ replayed: first.left, failed: 0, left: 0, storedBefore });
    expect(await replay({ queue: "notifications", storedBefore })).toMatchObject({ replayed: 0, left: 0 });
    expect(await auditOf("notifications")).toHaveLength(6);
    const ids = await store().rows<{ ids: number }>(
      "select jsonb_array_length(details -> 'outcome' -> 'ids') as ids from audit_log where action = 'dead_letter.replay_all' and details ->> 'phase' = 'done' order by id",
    );
    expect(ids.map((row) => row.ids)).toEqual([0, 100, first.left, 0]);
  });
});
