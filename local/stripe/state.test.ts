/** What reaches the journal, and what does not have to. */
import { beforeEach, describe, expect, it } from "vitest";
import { emit, redeliver } from "./events.ts";
import type { EventType } from "./events.ts";
import { EmulatorState } from "./state.ts";
import { configureEndpoint } from "./webhook-endpoints.ts";

const NOW = 1_800_000_000;

let state: EmulatorState;
let lines: string[];

beforeEach(async () => {
  lines = [];
  state = stateOver(lines);
  subscribeTo("charge.succeeded");
  await state.commit();
  lines.length = 0;
});

function stateOver(journal: string[]): EmulatorState {
  const created = new EmulatorState();
  created.attachJournal({
    append(line) {
      journal.push(line);
      return Promise.resolve();
    },
    compact: () => Promise.resolve(),
    close: () => Promise.resolve(),
  });
  return created;
}

function subscribeTo(...events: string[]): void {
  configureEndpoint(state, { url: "http://127.0.0.1:9", secret: "whsec_test", events }, NOW);
}

async function happen(...types: EventType[]): Promise<void> {
  const operation = { state, now: NOW, requestId: null, idempotencyKey: null, origin: "http://127.0.0.1" };
  for (const type of types) emit(operation, type, { id: "ch_1" });
  await state.commit();
}

function afterRestart(journal: readonly string[]): EmulatorState {
  const next = new EmulatorState();
  for (const line of journal) next.load(JSON.parse(line));
  return next;
}

const typesOf = (of: EmulatorState): string[] => [...of.events.values()].map(({ type }) => type);

describe("an event that no endpoint asked for", () => {
  it("is listed, but neither written nor part of a snapshot", async () => {
    await happen("payment_intent.created", "charge.succeeded", "charge.updated");
    expect(typesOf(state)).toEqual(["payment_intent.created", "charge.succeeded", "charge.updated"]);
    expect(typesOf(afterRestart(lines))).toEqual(["charge.succeeded"]);
    expect(typesOf(afterRestart(state.snapshot()))).toEqual(["charge.succeeded"]);
  });

  it("costs no line of its own", async () => {
    await happen("payment_intent.created", "charge.updated");
    expect(lines).toEqual([]);
  });

  it("is kept from the moment it is to be delivered after all", async () => {
    await happen("payment_intent.created");
    subscribeTo("*");
    const event = [...state.events.values()][0];
    if (event === undefined) throw new Error("Nothing happened.");
    expect(redeliver(state, event, 1)).toBe(1);
    await state.commit();
    const next = afterRestart(lines);
    expect(typesOf(next)).toEqual(["payment_intent.created"]);
    expect(next.deliveries.size).toBe(1);
  });
});

describe("a delivery's end", () => {
  const deliveryIds = (): string[] => [...state.deliveries.values()].map(({ id }) => id);

  it("is written with the next line, and costs none of its own", async () => {
    await happen("charge.succeeded");
    await state.endDelivery(deliveryIds()[0] ?? "");
    expect(state.deliveries.size).toBe(0);
    expect(lines).toHaveLength(1);
    expect(afterRestart(lines).deliveries.size).toBe(1);
    await happen("charge.succeeded");
    expect(lines).toHaveLength(2);
    expect([...afterRestart(lines).deliveries.values()].map(({ id }) => id)).toEqual(deliveryIds());
  });

  it("is written at an orderly end", async () => {
    await happen("charge.succeeded");
    await state.endDelivery(deliveryIds()[0] ?? "");
    await state.flush();
    expect(afterRestart(lines).deliveries.size).toBe(0);
    await state.flush();
    expect(lines).toHaveLength(2);
  });

  it("waits for a line only while there are few of them", async () => {
    await happen(...Array.from({ length: 1_000 }, () => "charge.succeeded" as const));
    for (const id of deliveryIds()) await state.endDelivery(id);
    expect(afterRestart(lines).deliveries.size).toBeLessThan(256);
  });

  it("outlives a refusal that takes a transaction back", async () => {
    await happen("charge.succeeded");
    await state.endDelivery(deliveryIds()[0] ?? "");
    state.rollback();
    expect(state.deliveries.size).toBe(0);
  });
});
