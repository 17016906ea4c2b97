import { describe, expect, it } from "vitest";
import { EdgeCache } from "./edge-cache.ts";
import { StandIn, type StandInOptions } from "./stand-in.ts";

const PAGE = "https://store.example/products/phone";
const SHARED = "public, max-age=0, s-maxage=10, stale-while-revalidate=60";

interface Made {
  body?: string;
  status?: number;
  headers?: Record<string, string>;
}

/** A cache in front of a Worker whose answers the test decides, with a clock of its own. */
function world(options: Partial<StandInOptions> = {}) {
  const background: Promise<unknown>[] = [];
  const state = {
    now: 1_000_000,
    asked: [] as Request[],
    make: (): Made | Promise<Made> => ({ body: "first" }),
  };
  const standIn = new StandIn({ clock: () => state.now, followMs: 50, ...options });
  const handle = async (request: Request): Promise<Response> => {
    state.asked.push(request);
    const { body = "", status = 200, headers = {} } = await state.make();
    const etag = `"${body}"`;
    const given = { "cache-control": SHARED, "cache-tag": "product:phone", etag, ...headers };
    if (request.headers.get("if-none-match") === etag)
      return new Response(null, { status: 304, headers: given });
    return new Response(body, { status, headers: given });
  };
  const get = (init: RequestInit = {}, url = PAGE): Promise<Response> =>
    standIn.serve(new Request(url, init), handle, (work) => void background.push(work));
  const settled = async (): Promise<void> => {
    await Promise.all(background.splice(0));
  };
  return { state, standIn, get, settled };
}

const statusOf = (response: Response): string | null => response.headers.get("cf-cache-status");

describe("a copy", () => {
  it("answers without the Worker while it is fresh, and tells its age", async () => {
    const { state, get } = world();
    expect(statusOf(await get())).toBe("MISS");
    state.now += 9_000;
    const hit = await get({ headers: { cookie: "__Host-cart=somebody" } });
    expect([statusOf(hit), hit.headers.get("age"), await hit.text()]).toEqual(["HIT", "9", "first"]);
    expect(state.asked).toHaveLength(1);
  });

  it("keeps its tags to itself", async () => {
    const { get } = world();
    expect((await get()).headers.has("cache-tag")).toBe(false);
    expect((await get()).headers.has("cache-tag")).toBe(false);
  });

  it("that is stale answers now, while one request behind it makes the next", async () => {
    const { state, get, settled } = world();
    await get();
    state.now += 11_000;
    state.make = () => ({ body: "second" });
    const answers = await Promise.all([get(), get(), get()]);
    expect(answers.map(statusOf)).toEqual(["UPDATING", "UPDATING", "UPDATING"]);
    expect(await answers[0].text()).toBe("first");
    await settled();
    expect(state.asked).toHaveLength(2);
    expect(await (await get()).text()).toBe("second");
  });

  it("that the Worker confirms by 304 is fresh again", async () => {
    const { state, get, settled } = world();
    await get();
    state.now += 11_000;
    await get();
    await settled();
    expect(state.asked[1]?.headers.get("if-none-match")).toBe('"first"');
    const hit = await get();
    expect([statusOf(hit), hit.headers.get("age"), await hit.text()]).toEqual(["HIT", "0", "first"]);
  });

  it("whose time is over is confirmed before it answers", async () => {
    const { state, get } = world();
    await get();
    state.now += 71_000;
    expect(statusOf(await get())).toBe("REVALIDATED");
    state.now += 71_000;
    state.make = () => ({ body: "second" });
    const next = await get();
    expect([statusOf(next), await next.text()]).toEqual(["EXPIRED", "second"]);
  });

  it("outlives a Worker that fails behind it", async () => {
    const { state, get, settled } = world();
    await get();
    state.now += 11_000;
    state.make = () => ({ status: 503, headers: { "cache-control": "no-store" } });
    await get();
    await settled();
    expect(await (await get()).text()).toBe("first");
    state.make = () => Promise.reject(new Error("the Worker fell over"));
    await settled();
    await get();
    await settled();
    expect(await (await get()).text()).toBe("first");
  });

  it("goes when the page is gone", async () => {
    const { state, get, settled } = world();
    await get();
    state.now += 11_000;
    state.make = () => ({ status: 404, headers: { "cache-control": "no-store" } });
    await get();
    await settled();
    expect((await get()).status).toBe(404);
  });
});

describe("a request", () => {
  it("that knows the page already gets 304, from a copy and where there is none", async () => {
    const { state, get } = world();
    const known = { headers: { "if-none-match": 'W/"first"' } };
    for (const expected of ["MISS", "HIT"]) {
      const response = await get(known);
      expect([response.status, statusOf(response), await response.text()]).toEqual([304, expected, ""]);
    }
    expect(state.asked[0]?.headers.has("if-none-match")).toBe(false);
  });

  it("for the head alone fills the copy and gets no body", async () => {
    const { state, get } = world();
    const head = await get({ method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect(await (await get()).text()).toBe("first");
    expect(state.asked.map(({ method }) => method)).toEqual(["GET"]);
  });

  it.each([
    ["with credentials", { headers: { authorization: "Bearer token" } }],
    ["that changes something", { method: "POST" }],
  ])("%s is always for the Worker", async (_, init) => {
    const { state, get } = world();
    await get();
    await get(init);
    expect(state.asked).toHaveLength(2);
    await get(init);
    expect(state.asked).toHaveLength(3);
  });

  it("for another host, path or query has a copy of its own", async () => {
    const { state, get } = world();
    for (const url of [PAGE, `${PAGE}?sku=A`, `${PAGE}?sku=B`, PAGE.replace("store.", "other.")])
      await get({}, url);
    expect(state.asked).toHaveLength(4);
    await get({}, `${PAGE}?sku=A`);
    expect(state.asked).toHaveLength(4);
  });
});

describe("an answer", () => {
  it.each([
    ["private", { "cache-control": "private, no-store" }],
    ["for this request only", { "cache-control": "no-store" }],
    ["without a lifetime", { "cache-control": "public" }],
    ["that sets a cookie", { "set-cookie": "cart=1" }],
    ["that depends on more than the address", { vary: "cookie" }],
  ])("%s is never kept", async (_, headers) => {
    const { state, get } = world();
    state.make = () => ({ body: "mine", headers });
    const response = await get();
    expect([statusOf(response), await response.text()]).toEqual(["BYPASS", "mine"]);
    await get();
    expect(state.asked).toHaveLength(2);
  });

  it("is kept only as far as there is room, and the longest kept goes first", async () => {
    const { state, get } = world({ maxEntries: 2 });
    for (const name of ["a", "b", "c"]) await get({}, `${PAGE}?sku=${name}`);
    await get({}, `${PAGE}?sku=c`);
    await get({}, `${PAGE}?sku=b`);
    expect(state.asked).toHaveLength(3);
    await get({}, `${PAGE}?sku=a`);
    expect(state.asked).toHaveLength(4);
    const narrow = world({ maxBytes: 8 });
    for (const name of ["a", "b"]) await narrow.get({}, `${PAGE}?sku=${name}`);
    await narrow.get({}, `${PAGE}?sku=a`);
    expect(narrow.state.asked).toHaveLength(3);
  });
});

describe("many requests at once", () => {
  it("for what is not there cost the Worker one answer", async () => {
    const { state, get } = world({ followMs: 10_000 });
    const { promise, resolve } = Promise.withResolvers<Made>();
    state.make = () => promise;
    const first = get();
    const others = Array.from({ length: 50 }, () => get());
    resolve({ body: "one" });
    expect(statusOf(await first)).toBe("MISS");
    expect(new Set((await Promise.all(others)).map(statusOf))).toEqual(new Set(["HIT"]));
    expect(state.asked).toHaveLength(1);
  });

  it("do not wait for ever for one that never ends", async () => {
    const { state, get } = world({ followMs: 5 });
    let calls = 0;
    state.make = () => (++calls === 1 ? new Promise<Made>(() => undefined) : { body: "mine" });
    void get();
    expect(await (await get()).text()).toBe("mine");
  });

  it("for pages that are somebody's own do not wait for each other", async () => {
    const { state, get } = world({ followMs: 10_000 });
    state.make = () => ({ headers: { "cache-control": "private, no-store" } });
    await get();
    const { promise, resolve } = Promise.withResolvers<Made>();
    state.make = () => promise;
    const both = [get(), get()];
    expect(state.asked).toHaveLength(3);
    resolve({ headers: { "cache-control": "private, no-store" } });
    await Promise.all(both);
  });
});

describe("dropping by tag", () => {
  it("purge: the next request waits for a new answer; pages without the tag stay", async () => {
    const { state, standIn, get } = world();
    await get();
    state.make = () => ({ body: "other", headers: { "cache-tag": "catalog, product:cable" } });
    await get({}, `${PAGE}s`);
    standIn.purge(["product:phone"]);
    expect(statusOf(await get({}, `${PAGE}s`))).toBe("HIT");
    state.make = () => ({ body: "second" });
    expect(await (await get()).text()).toBe("second");
  });

  it("invalidate: the copy still answers, and is replaced behind", async () => {
    const { state, standIn, get, settled } = world();
    await get();
    standIn.invalidate(["product:phone"]);
    state.make = () => ({ body: "second" });
    const stale = await get();
    expect([statusOf(stale), await stale.text()]).toEqual(["UPDATING", "first"]);
    await settled();
    expect(await (await get()).text()).toBe("second");
  });

  it("an answer that was begun before the drop is given, and not kept", async () => {
    const { state, standIn, get } = world();
    const { promise, resolve } = Promise.withResolvers<Made>();
    state.make = () => promise;
    const begun = get();
    standIn.purge(["product:phone"]);
    resolve({ body: "of before" });
    expect(await (await begun).text()).toBe("of before");
    state.make = () => ({ body: "of after" });
    expect(await (await get()).text()).toBe("of after");
  });

  it("purging everything leaves nothing", async () => {
    const { state, standIn, get } = world();
    await get();
    standIn.purgeEverything();
    expect(statusOf(await get())).toBe("MISS");
    expect(state.asked).toHaveLength(2);
  });
});

describe("the cache in front of the Worker", () => {
  function edge() {
    const delays: { ms: number; go: () => void }[] = [];
    const state = { now: 1_000_000, renders: 0 };
    const cache = new EdgeCache({
      clock: () => state.now,
      waitUntil: () => undefined,
      delay: (ms) => new Promise((resolve) => delays.push({ ms, go: () => resolve() })),
      report: (error) => {
        throw error;
      },
    });
    const get = async (cacheOfPlatform?: unknown): Promise<string | null> => {
      const handle = () => {
        state.renders += 1;
        return new Response("page", { headers: { "cache-control": SHARED, "cache-tag": "product:phone" } });
      };
      const ctx = { cache: cacheOfPlatform, waitUntil: () => undefined };
      return statusOf(await cache.serve(new Request(PAGE), ctx, handle));
    };
    const pass = async (ms: number): Promise<void> => {
      state.now += ms;
      for (const delay of delays.splice(0)) {
        if (delay.ms <= ms) delay.go();
        else delays.push({ ms: delay.ms - ms, go: delay.go });
      }
      await new Promise((resolve) => setTimeout(resolve, 0));
    };
    return { state, cache, get, pass };
  }

  it("stands aside where the platform has one", async () => {
    const { state, get } = edge();
    expect(await get({})).toBeNull();
    expect(await get({})).toBeNull();
    expect(state.renders).toBe(2);
    expect(await get()).toBe("MISS");
  });

  it("drops a tag at once, and looks again at what was made before copies had settled", async () => {
    const { cache, get, pass } = edge();
    await get();
    await cache.drop(["product:phone"]);
    expect(await get()).toBe("MISS");
    expect(await get()).toBe("HIT");
    await pass(1_500);
    expect(await get()).toBe("UPDATING");
  });

  it("drops a tag at most once a second; the last drop is not lost", async () => {
    const { cache, get, pass } = edge();
    await cache.drop(["product:phone"]);
    await get();
    await pass(400);
    await cache.drop(["product:phone"]);
    await cache.drop(["product:phone"]);
    expect(await get()).toBe("HIT");
    await pass(600);
    expect(await get()).toBe("MISS");
    expect(await get()).toBe("HIT");
  });
});
