/** One cell of the matrix: a route asked by a caller, with everything that was sent. */
import type { Answer, Store } from "../harness/store.ts";
import { credentialsOf, type Caller, type Cast } from "./callers.ts";
import type { OpsThings } from "./fingerprint.ts";
import { REQUESTS, type Asked } from "./requests.ts";
import type { Route } from "./routes.ts";

export interface Scene {
  readonly store: Store;
  readonly cast: Cast;
  readonly ops: OpsThings;
  readonly sku: string;
  readonly slug: string;
}

export interface Told {
  readonly answer: Answer;
  /** Everything the caller sent, to tell what an answer repeats from what it gives away. */
  readonly sent: string;
  /** Everything the caller got. */
  readonly got: string;
}

export async function ask(scene: Scene, route: Route, caller: Caller, change = asItIs): Promise<Told> {
  const { store, cast, ops, sku, slug } = scene;
  const situation = { caller, things: cast.owner.things, ops, sku, slug };
  const asked = change(REQUESTS[route.name]?.(situation) ?? {});
  const path = pathOf(route, asked);
  const headers = {
    ...credentialsOf(store, caller, cast, path),
    ...(asked.form === undefined ? {} : { origin: store.url }),
    ...contentType(asked),
    ...asked.headers,
  };
  const body = bodyOf(asked);
  const answer = await store.request(route.method, path, {
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return {
    answer,
    sent: [path, ...Object.values(headers), ...valuesOf(asked)].join("\n"),
    got: [...[...answer.headers].flat(), textOf(answer)].join("\n"),
  };
}

export const asItIs = (asked: Asked): Asked => asked;

/** @throws Error where a parameter of the path was not given: its row must say what stands there */
function pathOf({ name, path }: Route, { parameters = {}, query }: Asked): string {
  const filled = path.replace(/:(\w+)/g, (_, parameter: string) => {
    const value = parameters[parameter];
    if (value === undefined) throw new Error(`tests/security/requests.ts says no "${parameter}" for ${name}`);
    return encodeURIComponent(value);
  });
  return query === undefined ? filled : `${filled}?${new URLSearchParams(query).toString()}`;
}

function contentType({ form, body, list }: Asked): Record<string, string> {
  if (form !== undefined) return { "content-type": "application/x-www-form-urlencoded" };
  return body === undefined && list === undefined ? {} : { "content-type": "application/json" };
}

function bodyOf({ form, body, list }: Asked): string | URLSearchParams | undefined {
  if (form !== undefined) return new URLSearchParams(form);
  const json = body ?? list;
  return json === undefined ? undefined : JSON.stringify(json);
}

/** As they are, before a form or an address escapes them. */
function valuesOf({ form, body, list, query, parameters }: Asked): string[] {
  return [form, body, list, query, parameters].flatMap((part) =>
    part === undefined
      ? []
      : Object.values(part).map((value) => (typeof value === "string" ? value : JSON.stringify(value))),
  );
}

function textOf({ body }: Answer): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}
