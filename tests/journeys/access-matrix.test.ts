/**
 * The access matrix, generated from the app's own routes: each is asked by everybody (tests/security/callers.ts), answers as its row
 * says (access-table.ts), tells strangers nothing of the owner's and changes nothing that is not the caller's.
 */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { sharedStore } from "../harness/shared-store.ts";
import {
  AT_ONCE,
  ENDS_ACCOUNTS,
  ENDS_SESSIONS,
  ROWS,
  statedFor,
  TAKES_A_THING,
} from "../security/access-table.ts";
import { ask, type Scene, type Told } from "../security/ask.ts";
import { CALLERS, type Caller } from "../security/callers.ts";
import { fingerprintOf, type Fingerprint } from "../security/fingerprint.ts";
import { PASSWORD, type Things } from "../security/people.ts";
import { forgetAttempts } from "../security/redis-side.ts";
import { REQUESTS } from "../security/requests.ts";
import { routesOfTheApp, type Route } from "../security/routes.ts";
import { setScene, withNewPeople, withNewSessions, withSpareThings } from "../security/scene.ts";

// The routes are read from the app, outside of the runtime that would answer them.
vi.mock("cloudflare:workers", () => ({ waitUntil: () => undefined, cache: undefined }));

const routes = await routesOfTheApp();
const store = sharedStore();
let scene: Scene;
/** Of the owner's things as they are before a row. */
let before: Fingerprint;

const look = (): Promise<Fingerprint> => fingerprintOf(store, scene.cast.owner, scene.ops);

beforeAll(async () => {
  scene = await setScene(store);
  before = await look();
});

describe("the matrix", () => {
  it("has a row for every route, and no row without one", () => {
    const names = routes.map(({ name }) => name);
    expect({ without: names.filter((name) => statedFor(name) === null) }).toEqual({ without: [] });
    const known = new Set(names);
    expect({ gone: [...ROWS, ...Object.keys(REQUESTS)].filter((name) => !known.has(name)) }).toEqual({
      gone: [],
    });
  });
});

describe("every caller is answered as stated, told nothing of the owner's and changes nothing of it", () => {
  const stated = routes.filter(({ name }) => statedFor(name) !== null);
  it.each(stated.map((route) => [route.name, route] as const))("%s", async (name, route) => {
    const expected = statedFor(name) as Record<Caller, number>;
    const mayChange = (caller: Caller): boolean =>
      caller === "owner" || (route.path.startsWith("/api/ops/") && expected[caller] < 400);
    await forgetAttempts(store);
    const strangers = await askAll(
      route,
      CALLERS.filter((caller) => !mayChange(caller)),
    );
    const { things } = scene.cast.owner;
    const [was, is] = route.method === "GET" ? [before, before] : [before, await look()];
    const insiders = await askInsiders(route, CALLERS.filter(mayChange));

    expect(is).toEqual(was);
    for (const [caller, told] of strangers) expectNothingGivenAway(caller, told, things);
    const answered = new Map([...strangers, ...insiders].map(([caller, { answer }]) => [caller, answer]));
    expect(Object.fromEntries(CALLERS.map((caller) => [caller, answered.get(caller)?.status]))).toEqual(
      expected,
    );
  });
});

/** All at once, where the route bears it. */
async function askAll(
  route: Route,
  callers: readonly Caller[],
  situation: Scene = scene,
): Promise<(readonly [Caller, Told])[]> {
  const atOnce = AT_ONCE.get(route.name) ?? callers.length;
  const told: (readonly [Caller, Told])[] = [];
  for (let start = 0; start < callers.length; start += atOnce) {
    if (AT_ONCE.has(route.name)) await forgetAttempts(store);
    const some = callers.slice(start, start + atOnce);
    told.push(
      ...(await Promise.all(
        some.map(async (caller) => [caller, await ask(situation, route, caller)] as const),
      )),
    );
  }
  return told;
}

/** Those whose requests change something, with what they may lose; whatever comes of it, the scene is whole afterwards. */
async function askInsiders(route: Route, callers: readonly Caller[]): Promise<(readonly [Caller, Told])[]> {
  const { name } = route;
  const situation = await situationFor(name);
  const told = await askAll(route, callers, situation);
  if (ENDS_SESSIONS.has(name)) scene = await withNewSessions(scene);
  if (ENDS_ACCOUNTS.has(name)) scene = withOther(scene, situation);
  if (route.method !== "GET") before = await look();
  return told;
}

/** What the owner is to lose by a request is not what later rows need. */
async function situationFor(name: string): Promise<Scene> {
  if (ENDS_ACCOUNTS.has(name)) return await withNewPeople(scene);
  return TAKES_A_THING.has(name) ? await withSpareThings(scene) : scene;
}

function withOther(present: Scene, { cast: { other } }: Scene): Scene {
  return { ...present, cast: { ...present.cast, other } };
}

/** What a caller sent may come back; nothing else of the owner's does. */
function expectNothingGivenAway(caller: Caller, { sent, got }: Told, things: Things): void {
  const secrets = Object.entries({ ...things, PASSWORD }).filter(([, value]) => !sent.includes(value));
  const given = secrets.filter(([, value]) => got.includes(value)).map(([name]) => name);
  expect({ caller, given }).toEqual({ caller, given: [] });
}
