import { describe, expect, it } from "vitest";
import { describeFault } from "./fault-description.ts";
import { createTelemetry } from "./telemetry.ts";

function recording() {
  const lines: Record<string, unknown>[] = [];
  const points: unknown[] = [];
  const telemetry = createTelemetry({
    metrics: { writeDataPoint: (point) => points.push(point) },
    write: (_level, line) => lines.push(JSON.parse(line) as Record<string, unknown>),
    clock: () => 0,
  });
  return { lines, points, telemetry };
}

describe("a log line", () => {
  it("is one JSON object with level, event, time and the given fields", () => {
    const { lines, telemetry } = recording();
    telemetry.log("info", "order.placed", { orderId: "o1", durationMs: 12 });
    expect(lines).toEqual([
      { level: "info", event: "order.placed", at: "1970-01-01T00:00:00.000Z", orderId: "o1", durationMs: 12 },
    ]);
  });

  it("leaves out whatever is not on the list, however it got there", () => {
    const { lines, telemetry } = recording();
    const body = { orderId: "o1", email: "ada@example.com", shippingAddress: "1 Main St" };
    telemetry.log("info", "order.placed", { ...body });
    expect(JSON.stringify(lines)).not.toMatch(/ada|Main/);
  });
});

describe("a described fault", () => {
  it("is named, with the SQLSTATE of its cause and without the query's parameters", () => {
    const cause = Object.assign(new Error('duplicate key value violates unique constraint "orders_pkey"'), {
      code: "23505",
    });
    const fault = new Error("Failed query: insert into orders\nparams: ada@example.com,1 Main St", { cause });
    expect(describeFault(fault)).toEqual({
      name: "Error",
      code: "23505",
      message: 'duplicate key value violates unique constraint "orders_pkey"',
    });
  });

  it("quotes no address and no value", () => {
    const texts = [
      "Key (email)=(ada@example.com) already exists.",
      'invalid input syntax for type integer: "ada"',
      "mail to <ada@example.com> refused",
      "Failed query: select $1\nparams: ada",
      `Unexpected token 'h', "{"name": ada"... is not valid JSON`,
      "GET https://store.example/orders/1?token=ada&x=1 failed",
      "refused: Authorization: Bearer ada",
      "no such intent: pi_1_secret_ada",
      "No such key: sk_test_ada",
    ].map((text) => describeFault(new Error(text)).message);
    expect(texts.join("\n")).not.toMatch(/ada/);
  });

  it("may be anything that was thrown", () => {
    expect(describeFault("plain").message).toBe("plain");
    expect(describeFault(undefined)).toEqual({ name: "undefined", code: null, message: "no message" });
  });
});

describe("a metric", () => {
  it("fills the documented columns", () => {
    const { points, telemetry } = recording();
    telemetry.count("queue_messages", { outcome: "dead_lettered", where: "orders", count: 2, durationMs: 7 });
    expect(points).toEqual([
      {
        indexes: ["queue_messages"],
        blobs: ["queue_messages", "dead_lettered", "orders", ""],
        doubles: [2, 7],
      },
    ]);
  });

  it("never breaks what it watches", () => {
    const lines: string[] = [];
    const telemetry = createTelemetry({
      metrics: {
        writeDataPoint: () => {
          throw new Error("too many points");
        },
      },
      write: (_level, line) => lines.push(line),
    });
    telemetry.count("notices");
    expect(lines[0]).toContain("metric.lost");
  });
});
