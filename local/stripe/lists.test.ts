/** Lists, searches and expansions, through the official SDK. */
import type Stripe from "stripe";
import { afterAll, beforeAll, expect, it } from "vitest";
import { refusalOf, startEmulator, USD } from "./emulator-under-test.ts";
import type { UnderTest } from "./emulator-under-test.ts";

const START_MS = 1_800_000_000_000;
const COUNT = 25;

let emulator: UnderTest;
let stripe: Stripe;
let nowMs = START_MS;
let ids: string[];

beforeAll(async () => {
  emulator = await startEmulator({ nowMs: () => nowMs });
  ({ stripe } = emulator);
  ids = [];
  for (let index = 0; index < COUNT; index += 1) {
    nowMs = START_MS + index * 1000;
    const created = await stripe.paymentIntents.create({
      ...USD,
      metadata: { operationId: `op ${index}`, odd: String(index % 2) },
    });
    ids.unshift(created.id);
  }
});
afterAll(() => emulator.close());

it("pages through everything, newest first", async () => {
  const first = await stripe.paymentIntents.list();
  expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 10));
  expect(first.has_more).toBe(true);
  const all: string[] = [];
  for await (const { id } of stripe.paymentIntents.list({ limit: 7 })) all.push(id);
  expect(all).toEqual(ids);
});

it("pages backwards", async () => {
  const all: string[] = [];
  for await (const { id } of stripe.paymentIntents.list({ limit: 7, ending_before: ids.at(-1) ?? "" }))
    all.push(id);
  expect(all).toEqual(ids.slice(0, -1).reverse());
});

it("chooses by creation time", async () => {
  const from = START_MS / 1000;
  const count = async (created: Stripe.RangeQueryParam | number): Promise<number> =>
    (await stripe.paymentIntents.list({ created, limit: 100 })).data.length;
  expect(await count({ gte: from + 20 })).toBe(5);
  expect(await count({ gt: from + 20 })).toBe(4);
  expect(await count({ lt: from + 3 })).toBe(3);
  expect(await count({ gte: from + 5, lte: from + 6 })).toBe(2);
  expect(await count(from + 5)).toBe(1);
});

it("refuses cursors that are not there, and limits beyond 1 to 100", async () => {
  expect(await refusalOf(stripe.paymentIntents.list({ starting_after: "pi_none" }))).toMatchObject({
    statusCode: 400,
    code: "resource_missing",
    param: "starting_after",
  });
  expect(await refusalOf(stripe.paymentIntents.list({ limit: 101 }))).toMatchObject({ param: "limit" });
  expect(await refusalOf(stripe.paymentIntents.list({ limit: 0 }))).toMatchObject({ param: "limit" });
});

it("chooses by customer", async () => {
  const customer = await stripe.customers.create({ email: "ada@example.com" });
  const made = await stripe.paymentIntents.create({ ...USD, customer: customer.id });
  const found = await stripe.paymentIntents.list({ customer: customer.id, expand: ["data.customer"] });
  expect(found.data).toMatchObject([{ id: made.id, customer: { email: "ada@example.com" } }]);
});

it("searches by metadata and status", async () => {
  const one = await stripe.paymentIntents.search({ query: "metadata['operationId']:'op 7'" });
  expect(one.data.map(({ metadata }) => metadata["operationId"])).toEqual(["op 7"]);
  const odd: string[] = [];
  const query = "status:'requires_payment_method' AND metadata['odd']:'1'";
  for await (const { id } of stripe.paymentIntents.search({ query, limit: 5 })) odd.push(id);
  expect(odd).toHaveLength(12);
  expect(await refusalOf(stripe.paymentIntents.search({ query: "colour:'red'" }))).toMatchObject({
    statusCode: 400,
  });
});

it("expands what is an id, and refuses what is none", async () => {
  const { id } = await stripe.paymentIntents.create({
    ...USD,
    confirm: true,
    payment_method: "pm_card_visa",
  });
  const intent = await stripe.paymentIntents.retrieve(id, {
    expand: ["latest_charge.payment_intent", "payment_method"],
  });
  expect(intent).toMatchObject({
    latest_charge: { payment_intent: { id } },
    payment_method: { card: { last4: "4242" } },
  });
  expect(await refusalOf(stripe.paymentIntents.retrieve(id, { expand: ["status"] }))).toMatchObject({
    statusCode: 400,
  });
});
