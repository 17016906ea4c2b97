import { describe, expect, it } from "vitest";
import { consume, paymentsDue, recordSettlement } from "./consumer-test-fixture.ts";
import { consumeDeadLetters } from "./dead-letter-consumer.ts";
import { dispatch } from "./dispatch.ts";
import type { Consumers } from "./dispatch.ts";

describe("the dead-letter consumer", () => {
  it("stores any body under the queue it is replayed to, and says so aloud", async () => {
    const settlement = recordSettlement();
    const outcome = await consume("payments-dead", [{ body: "no message" }, { body: { v: 9 } }], (batch) =>
      consumeDeadLetters(batch, settlement),
    );
    expect(outcome.acknowledged).toEqual([0, 1]);
    expect(settlement.deadLetters.map(({ queue, body }) => ({ queue, body }))).toEqual([
      { queue: "payments", body: "no message" },
      { queue: "payments", body: { v: 9 } },
    ]);
    expect(settlement.lines.every((line) => line.includes('"level":"error"'))).toBe(true);
    expect(settlement.points).toContain("dead_letters payments 1");
  });

  it("stores and reports content once, however often an object sends it again in vain", async () => {
    const settlement = recordSettlement();
    const bodies = [paymentsDue("a"), paymentsDue("a"), paymentsDue("b"), paymentsDue("a", "b")];
    await consume(
      "payments-dead",
      bodies.map((body) => ({ body })),
      (batch) => consumeDeadLetters(batch, settlement),
    );
    expect(settlement.deadLetters.map(({ messageId }) => messageId)).toEqual([
      "payments.due:a",
      "payments.due:b",
      "message-3",
    ]);
    expect(settlement.lines).toHaveLength(3);
  });

  it("keeps a message in the queue while Postgres is away, ever longer and at most an hour", async () => {
    const settlement = recordSettlement();
    settlement.postgresAway = true;
    const outcome = await consume(
      "orders-dead",
      [
        { body: 1, attempts: 1 },
        { body: 2, attempts: 50 },
      ],
      (batch) => consumeDeadLetters(batch, settlement),
    );
    expect(outcome.acknowledged).toEqual([]);
    expect(outcome.retried[0]).toBeLessThanOrEqual(5);
    expect(outcome.retried[1]).toBeGreaterThan(1_000);
    expect(outcome.retried[1]).toBeLessThanOrEqual(3_600);
  });
});

describe("the dispatcher", () => {
  it("refuses a queue nobody consumes, inherited names too", async () => {
    const consumers = {} as Consumers;
    await expect(dispatch({ queue: "returns", messages: [] }, consumers)).rejects.toThrow(
      'no consumer for queue "returns"',
    );
    await expect(dispatch({ queue: "toString", messages: [] }, consumers)).rejects.toThrow("no consumer");
  });
});
