/** The doors of accounts over HTTP: the body's shape, then the door's own answer, refusals as problems. */
import type * as z from "zod";
import { ACCOUNTS_PATH, DOORS, type Door } from "../accounts/doors.ts";
import { knock, type DoorBody } from "../accounts/knock.ts";
import type { AppContext } from "../app-env.ts";
import { problem } from "../middleware/problem.ts";
import { readJson, refuseBody } from "../middleware/request-body.ts";
import { SCHEMAS } from "../openapi/schemas.ts";
import type { App } from "./register.ts";

export function registerAuth(app: App): void {
  for (const door of DOORS) app.on([door.method], [ACCOUNTS_PATH + door.path], (c) => answer(c, door));
}

async function answer(c: AppContext, door: Door): Promise<Response> {
  const body = await bodyOf(c, door);
  if (!body.ok) return body.response;
  const knocked = await knock(c, door, body.value);
  if (!knocked.ok) return problem(c, knocked.code, { retryAfterSeconds: knocked.retryAfterSeconds });
  const { status, headers: given, body: content } = knocked.answer;
  const headers = new Headers(given);
  // A redirect has no body, whatever its header says.
  if (status >= 300) headers.delete("content-type");
  // Hono's own response, so that cookies set on the way join the library's.
  return c.newResponse(content, { status: status as 200, headers });
}

type Body =
  { readonly ok: true; readonly value: DoorBody } | { readonly ok: false; readonly response: Response };

async function bodyOf(c: AppContext, { body: shape }: Door): Promise<Body> {
  if (shape === undefined) return { ok: true, value: null };
  const read = await readJson(c.req.raw, SCHEMAS[shape] as z.ZodType<Record<string, unknown>>);
  return read.ok ? { ok: true, value: read.value } : { ok: false, response: refuseBody(c, read) };
}
