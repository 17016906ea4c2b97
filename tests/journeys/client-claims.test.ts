/**
 * Prices, totals, status, user ids and roles are not a client's to say: over every route that writes, a body of JSON that says them is
 * refused and names each of them; a form that does, or a request that takes no body, is served as if it had not.
 */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { orderToken } from "../../src/adapters/signing/index.ts";
import { ProductList } from "../../src/contracts/catalog.ts";
import { agreedIn } from "../harness/browser-jar.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { ENDS_ACCOUNTS, ENDS_SESSIONS, statedFor, TAKES_A_THING } from "../security/access-table.ts";
import { ask, type Scene } from "../security/ask.ts";
import type { Caller } from "../security/callers.ts";
import { claimedLoosely, claimsOf, placesIn } from "../security/claims.ts";
import { fingerprintOf, type Fingerprint } from "../security/fingerprint.ts";
import { forgetAttempts } from "../security/redis-side.ts";
import { REQUESTS, type Situation } from "../security/requests.ts";
import { routesOfTheApp, type Route } from "../security/routes.ts";
import { setScene, withNewPeople, withNewSessions, withSpareThings } from "../security/scene.ts";
import { signingKeysOf } from "../security/signing.ts";

vi.mock("cloudflare:workers", () => ({ waitUntil: () => undefined, cache: undefined }));

/** Signed as a whole, so that nothing in it is the sender's; and what browsers report, of which only known words are read. */
const READ_LOOSELY: ReadonlySet<string> = new Set(["POST /api/webhooks/stripe", "POST /api/csp-reports"]);
/** What a browser's authenticator says, judged by its signature. */
const CREDENTIAL = "response";

const writing = (await routesOfTheApp()).filter(
  ({ method, name }) => method !== "GET" && statedFor(name) !== null,
);
const store = sharedStore();
let scene: Scene;
/** Of the person whom the claims name. */
let before: Fingerprint;

/** Who is served: ops by a manager's token, everything else by the owner. */
const callerOf = ({ path }: Route): Caller => (path.startsWith("/api/ops/") ? "manager" : "owner");
const claimed = () => claimsOf(scene.cast.other.things.userId);
const look = (): Promise<Fingerprint> => fingerprintOf(store, scene.cast.other, scene.ops);

function bodyOf(route: Route): Readonly<Record<string, unknown>> | undefined {
  const { cast, ops, sku, slug } = scene;
  const situation: Situation = { caller: callerOf(route), things: cast.owner.things, ops, sku, slug };
  return REQUESTS[route.name]?.(situation).body;
}

beforeAll(async () => {
  scene = await setScene(store);
  before = await look();
});

describe("what is not a client's to say", () => {
  it.each(writing.map((route) => [route.name, route] as const))("is nothing to %s", async (name, route) => {
    await forgetAttempts(store);
    const body = bodyOf(route);
    if (body === undefined || READ_LOOSELY.has(name)) await expectIgnored(route);
    else await expectRefused(route, body);
  });

  it("is not in the order of a checkout that says it", async () => {
    const { sku } = scene;
    const { owner, other } = scene.cast;
    await owner.browser.request("PUT", `/api/cart/lines/${sku}`, { quantity: 2 });
    const agreed = agreedIn((await owner.browser.get("/checkout")).body);
    const claim = claimedLoosely(claimed());
    const { answer } = await ask(scene, routeOf("POST /checkout"), "owner", (asked) => {
      const { form, ...rest } = claim(asked);
      return { ...rest, form: { ...form, ...agreed } };
    });
    expect(answer.status).toBe(303);
    const orderId = /^\/orders\/([0-9a-z]+)\/pay$/.exec(answer.headers.get("location") ?? "")?.[1] ?? "";
    const order = await store.order({ orderId, token: orderToken(signingKeysOf(store), orderId) });
    const unitAmount = await priceOf(sku);
    expect(order).toMatchObject({
      status: "reserved",
      lines: [{ sku, quantity: 2, unitPrice: { amount: unitAmount } }],
      totals: { subtotal: 2 * unitAmount },
    });
    // In the account of who placed it, by the session alone; not in that of whom the claims name.
    expect((await owner.browser.get(`/api/orders/${orderId}`)).status).toBe(200);
    expectProblem(await other.browser.get(`/api/orders/${orderId}`), "not_found");
  });
});

/** Each object of the body in turn: all claims are named in the answer. */
async function expectRefused(route: Route, body: Readonly<Record<string, unknown>>): Promise<void> {
  const claims = claimed();
  for (const { where, claim } of placesIn(body, claims)) {
    if (where.split(".").includes(CREDENTIAL)) continue;
    const { answer } = await ask(scene, route, callerOf(route), claim);
    const problem = expectProblem(answer, "validation_failed");
    const named = (problem.errors ?? []).map(({ path }) => path.split(".").at(-1));
    const own = where === "the body" ? Object.keys(body) : [];
    const foreign = Object.keys(claims).filter((name) => !own.includes(name));
    expect({ where, named }).toEqual({ where, named: expect.arrayContaining(foreign) as unknown });
  }
}

/** The same status as without; nothing happens to the person named, and the order of who asks is no cheaper, nor paid. */
async function expectIgnored(route: Route): Promise<void> {
  const { name } = route;
  const situation = await situationFor(name);
  const caller = callerOf(route);
  const { orderId, orderToken: token } = situation.cast.owner.things;
  const { totals } = await store.order({ orderId, token });
  const { answer } = await ask(situation, route, caller, claimedLoosely(claimed()));
  const [was, is] = [before, await look()];
  if (ENDS_SESSIONS.has(name)) scene = await withNewSessions(scene);
  before = await look();

  expect(answer.status).toBe(statedFor(name)?.[caller]);
  if (caller !== "manager") expect(is).toEqual(was);
  const order = await store.order({ orderId, token });
  expect(order.totals).toEqual(totals);
  expect(["reserved", "cancelled"]).toContain(order.status);
}

async function situationFor(name: string): Promise<Scene> {
  if (ENDS_ACCOUNTS.has(name)) {
    const fresh = await withNewPeople(scene);
    return { ...fresh, cast: { ...fresh.cast, other: scene.cast.other } };
  }
  return TAKES_A_THING.has(name) ? await withSpareThings(scene) : scene;
}

function routeOf(name: string): Route {
  const route = writing.find((candidate) => candidate.name === name);
  if (route === undefined) throw new Error(`there is no ${name}`);
  return route;
}

async function priceOf(sku: string): Promise<number> {
  const { body } = await store.request("GET", "/api/products?limit=100");
  const skus = ProductList.parse(body).items.flatMap((product) => product.skus);
  const found = skus.find((candidate) => candidate.sku === sku);
  if (found === undefined) throw new Error(`no product has ${sku}`);
  return found.price.amount;
}
