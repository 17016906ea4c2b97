/** Persons only: on sign-up, on looking an order up and during a drop; for whom, for how long, and what happens without Turnstile. */
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import type { ChallengeAction } from "../../src/domain/challenge.ts";
import { agreedIn, BrowserJar } from "../harness/browser-jar.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { EVENTUALLY_MS, newEmail, orderBody, type Answer, type Placement } from "../harness/store.ts";

const store = sharedStore();
afterEach(() => store.turnstile.reset());

const PASSWORD = "a long and private one";
const token = (action: ChallengeAction, more: { hostname?: string; ageSeconds?: number } = {}) =>
  store.turnstile.token({ action, ...more });

/** From an address of its own, with exactly this as proof; null sends none. */
const prove = (path: string, body: object, turnstileToken: string | null, address?: string) =>
  store.request("POST", path, {
    headers: {
      "content-type": "application/json",
      "idempotency-key": randomUUID(),
      ...(address === undefined ? {} : { "cf-connecting-ip": address }),
    },
    // An empty one is none to the store, and keeps the harness from adding its own.
    body: JSON.stringify({ ...body, turnstileToken: turnstileToken ?? "" }),
  });

const signUp = (turnstileToken: string | null, address?: string) =>
  prove(
    "/api/auth/sign-up/email",
    { name: "Ada", email: newEmail(), password: PASSWORD },
    turnstileToken,
    address,
  );
const lookUp = (turnstileToken: string | null) =>
  prove("/api/orders/lookup", { number: "ABCD-1234", email: newEmail() }, turnstileToken);

describe("an account", () => {
  it("is made with a token, once", async () => {
    expectProblem(await signUp(null), "challenge_required");
    const good = await token("sign_up");
    expect((await signUp(good)).status).toBe(200);
    expectProblem(await signUp(good), "challenge_required");
  });

  it.each([
    ["for another purpose", () => token("place_order")],
    ["on another site", () => token("sign_up", { hostname: "elsewhere.example" })],
    ["too long ago", () => token("sign_up", { ageSeconds: 301 })],
    ["by nobody", () => Promise.resolve("XXXX.DUMMY.TOKEN.XXXX")],
  ])("is not made with a token that was made %s", async (_, make) => {
    expectProblem(await signUp(await make()), "challenge_required");
  });

  it("is not made while nobody can judge tokens; the token is good afterwards", async () => {
    const good = await token("sign_up");
    await store.turnstile.mood({ siteverify: "failing" });
    const refused = await signUp(good);
    expectProblem(refused, "temporarily_unavailable");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    await store.turnstile.reset();
    expect((await signUp(good)).status).toBe(200);
  });
});

describe("looking an order up", () => {
  it("takes a token made for it", async () => {
    expectProblem(await lookUp(null), "challenge_required");
    expectProblem(await lookUp(await token("sign_up")), "challenge_required");
    expect((await lookUp(await token("order_lookup"))).status).toBe(202);
  });
});

describe("waiting in the place of a token", () => {
  /** The wait that a form begins, for this network. */
  async function ticketOf(address: string): Promise<string> {
    const { body } = await store.request("GET", "/account/sign-up", {
      headers: { "cf-connecting-ip": address },
    });
    return ticketIn(body);
  }

  it("counts after its time, from the network that waited, for what it was begun for", async () => {
    const ticket = await ticketOf("198.51.100.1");
    const early = await signUp(ticket, "198.51.100.1");
    expectProblem(early, "challenge_required");
    expect(Number(early.headers.get("retry-after"))).toBeGreaterThan(0);
    await untilWaited(() => signUp(ticket, "198.51.100.1"), 200);
    expectProblem(await signUp(ticket, "198.51.100.2"), "challenge_required");
    const otherwise = { number: "ABCD-1234", email: newEmail() };
    expectProblem(await prove("/api/orders/lookup", otherwise, ticket, "198.51.100.1"), "challenge_required");
  });

  it("is not for many: a network may do it a few times a minute", async () => {
    const ticket = await ticketOf("198.51.100.3");
    await untilWaited(() => signUp(ticket, "198.51.100.3"), 200);
    const answers: Answer[] = [];
    // More than two periods' worth, as a period may end in between.
    for (let index = 0; index < 11; index++) answers.push(await signUp(ticket, "198.51.100.3"));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) expectProblem(answer, "rate_limited");
  });
});

describe("placing an order", () => {
  let sku = "";
  let slug = "";
  beforeAll(async () => {
    sku = await store.stock.skuWith(200, { unlimited: true });
    const [product] = await store.rows<{ slug: string }>(
      "select product_slug as slug from skus where sku = $1",
      [sku],
    );
    slug = product?.slug ?? "";
    await store.rows(
      "insert into drops (product_slug, opens_at) values ($1, now() - interval '20 minutes')",
      [slug],
    );
    await untilDrop(true);
  });
  afterAll(async () => {
    await store.rows("delete from drops where product_slug = $1", [slug]);
    await untilDrop(false);
  });

  async function untilDrop(isDrop: boolean): Promise<void> {
    const shopper = new BrowserJar(store);
    await shopper.request("PUT", `/api/cart/lines/${sku}`, { quantity: 1 });
    await waitFor(
      async () => String((await shopper.get("/checkout")).body).includes("data-person-check") === isDrop,
      { what: `the store to know of ${slug}'s drop`, timeoutMs: EVENTUALLY_MS },
    );
  }

  const place = async (placement: Partial<Placement> = {}, action: ChallengeAction | null = null) => {
    const proof = action === null ? {} : { turnstileToken: await token(action) };
    return await store.tryToPlace({ lines: [{ sku, quantity: 1 }], ...placement, body: { ...proof } });
  };

  it("needs a token during a drop, and holds nothing without", async () => {
    const before = await store.stock.figures(sku);
    expectProblem(await place(), "challenge_required");
    expectProblem(await place({}, "sign_up"), "challenge_required");
    expect(await store.stock.figures(sku)).toEqual(before);
    expect((await place({}, "place_order")).status).toBe(201);
  });

  it("needs none for a repetition, whether it bears the spent token or none at all", async () => {
    const identity = { lines: [{ sku, quantity: 1 }], email: newEmail(), key: randomUUID() };
    const turnstileToken = await token("place_order");
    const first = await store.tryToPlace({ ...identity, body: { turnstileToken } });
    expect(first.status).toBe(201);
    for (const body of [{ turnstileToken }, {}]) {
      const again = await store.tryToPlace({ ...identity, body });
      expect(again.status).toBe(201);
      expect(again.headers.get("idempotency-replayed")).toBe("true");
      expect(again.body).toMatchObject({ orderId: (first.body as { orderId: string }).orderId });
    }
    const other = await store.tryToPlace({ ...identity, key: randomUUID(), body: { turnstileToken } });
    expectProblem(other, "challenge_required");
    const changed = { ...identity, lines: [{ sku, quantity: 2 }] };
    expectProblem(await store.tryToPlace(changed), "idempotency_key_reused");
  });

  it("is the same order for twenty at once with one token", async () => {
    const placement = {
      lines: [{ sku, quantity: 1 }],
      email: newEmail(),
      key: randomUUID(),
      body: { turnstileToken: await token("place_order") },
    };
    const answers = await Promise.all(Array.from({ length: 20 }, () => store.tryToPlace(placement)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => (body as { orderId: string }).orderId)).size).toBe(1);
  });

  it("goes on while nobody can judge tokens, for fewer per network", async () => {
    await store.turnstile.mood({ siteverify: "failing" });
    expect((await place({}, "place_order")).status).toBe(201);
    const body = { turnstileToken: "which nobody can judge" };
    const answers = await Promise.all(Array.from({ length: 70 }, () => placeFrom("198.51.100.9", { body })));
    const refused = answers.filter(({ status }) => status !== 201);
    const limited = refused.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    for (const answer of limited) expectProblem(answer, "rate_limited");
    // Nor may one network hold that many units unpaid.
    for (const answer of refused.filter(({ status }) => status !== 429))
      expectProblem(answer, "too_many_unpaid");
  });

  it("is limited for one buyer of one network, and for nobody else", async () => {
    const identity = { lines: [{ sku: await store.stock.plenty(), quantity: 1 }], key: randomUUID() };
    const email = newEmail();
    // More than two periods' worth, as a period may end in between.
    const many = await Promise.all(
      Array.from({ length: 140 }, () => placeFrom("198.51.100.10", { ...identity, email })),
    );
    expect(many.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    expect((await placeFrom("198.51.100.11", { ...identity, email })).status).toBe(201);
    expect((await placeFrom("198.51.100.10", { lines: identity.lines })).status).toBe(201);
  });

  /** Without a token of its own. */
  function placeFrom(address: string, placement: Partial<Placement> = {}): Promise<Answer> {
    return store.request("POST", "/api/orders", {
      headers: {
        "content-type": "application/json",
        "idempotency-key": placement.key ?? randomUUID(),
        "cf-connecting-ip": address,
      },
      body: JSON.stringify(orderBody({ lines: [{ sku, quantity: 1 }], ...placement })),
    });
  }

  it("by the form lets a person without JavaScript wait, who loses nothing of what was typed", async () => {
    const shopper = new BrowserJar(store);
    await shopper.request("PUT", `/api/cart/lines/${sku}`, { quantity: 1 });
    const shown = await shopper.get("/checkout");
    expect(shown.headers.get("content-security-policy")).toContain(new URL(store.endpoints.turnstile).origin);
    let waitTicket = ticketIn(shown.body);
    // Each time with what the page before has: a wait that began anew would never be over.
    const send = async (): Promise<Answer> => {
      const answer = await postForm(shopper, "/checkout", {
        ...FORM,
        waitTicket,
        ...agreedIn(shown.body),
      });
      if (answer.status === 403) waitTicket = ticketIn(answer.body);
      return answer;
    };
    const early = await send();
    expect(early.status).toBe(403);
    expect(early.body).toContain("We could not tell that you are a person");
    expect(early.body).toContain('value="1 Main St"');
    const placed = await untilWaited(send, 303);
    expect(placed.headers.get("location")).toMatch(/^\/orders\/\w+\/pay$/);
  });

  const FORM = {
    email: newEmail(),
    name: "Ada Lovelace",
    line1: "1 Main St",
    city: "Springfield",
    region: "IL",
    postalCode: "62701",
    country: "US",
    shippingMethod: "standard",
  };

  function postForm(shopper: BrowserJar, path: string, fields: Record<string, string>): Promise<Answer> {
    return store.request("POST", path, {
      headers: {
        "cf-connecting-ip": shopper.address,
        "sec-fetch-site": "same-origin",
        cookie: [...shopper.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      },
      body: new URLSearchParams(fields),
    });
  }
});

function ticketIn(page: unknown): string {
  const ticket = /name="waitTicket" value="([^"]+)"/.exec(String(page))?.[1];
  if (ticket === undefined) throw new Error(`no wait in: ${String(page).slice(0, 500)}`);
  return ticket;
}

/** Tries until the wait is over; what is too early costs nothing. */
async function untilWaited(send: () => Promise<Answer>, status: number): Promise<Answer> {
  return await waitFor(
    async () => {
      const answer = await send();
      if (answer.status !== status && answer.status !== 403) throw new Error(JSON.stringify(answer));
      return answer.status === status && answer;
    },
    { what: "the wait to be over", timeoutMs: EVENTUALLY_MS },
  );
}
