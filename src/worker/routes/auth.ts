/** The doors of accounts over HTTP: the body's shape, the limit, then the library's own answer, refusals as problems. */
import type { z } from "zod";
import {
  judgeAttempt,
  type AttemptKind,
  type AttemptVerdict,
} from "../../adapters/accounts/attempt-limits.ts";
import { accountKeyFor } from "../../adapters/signing/index.ts";
import { ACCOUNTS_PATH, DOORS, type Door } from "../accounts/doors.ts";
import { problemOf } from "../accounts/refusals.ts";
import { isKnown, originOf, rememberBrowser, signedInOf } from "../accounts/session.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";
import { problem } from "../middleware/problem.ts";
import { SCHEMAS } from "../openapi/schemas.ts";
import { clientNetwork } from "../middleware/read-limit.ts";
import { readJson, refuseBody } from "../middleware/request-body.ts";
import type { App } from "./register.ts";

export function registerAuth(app: App): void {
  for (const door of DOORS) app.on([door.method], [ACCOUNTS_PATH + door.path], (c) => knock(c, door));
}

async function knock(c: AppContext, door: Door): Promise<Response> {
  const body = await bodyOf(c, door);
  if (!body.ok) return body.response;
  const email = door.signedIn === true ? (await signedInOf(c))?.email : emailIn(body.value);
  if (door.signedIn === true && email === undefined) return problem(c, "unauthorised");

  const services = servicesOf(c.env);
  if (door.attempt !== null) {
    const verdict = await judge(c, door.attempt, { email, isSignedIn: door.signedIn === true });
    if (!verdict.ok) return problem(c, "rate_limited", { retryAfterSeconds: verdict.retryAfterSeconds });
  }

  const answer = await services.accounts(originOf(c)).handle(forwarded(c, door, body.value));
  if (answer.status >= 400) return problem(c, problemOf(answer.status, await codeOf(answer)));
  if (door.path === "/sign-in/email" && email !== undefined) rememberBrowser(c, email);
  const headers = new Headers(answer.headers);
  // A redirect has no body, whatever its header says.
  if (answer.status >= 300) headers.delete("content-type");
  // Hono's own response, so that cookies set on the way join the library's.
  return c.newResponse(answer.body, { status: answer.status as 200, headers });
}

function judge(
  c: AppContext,
  kind: AttemptKind,
  { email, isSignedIn }: { email: string | undefined; isSignedIn: boolean },
): Promise<AttemptVerdict> {
  const { signing, redis } = servicesOf(c.env);
  const account = email === undefined ? null : accountKeyFor(signing, email);
  const isKnownBrowser = account !== null && (isSignedIn || isKnown(c, account));
  return judgeAttempt(redis, { kind, network: clientNetwork(c), account, isKnownBrowser });
}

/** The library's code of a refusal, in upper case; empty where it names none. */
async function codeOf(answer: Response): Promise<string> {
  const refusal = (await answer.json().catch(() => null)) as { code?: unknown } | null;
  return typeof refusal?.code === "string" ? refusal.code : "";
}

type Body =
  | { readonly ok: true; readonly value: Record<string, unknown> | null }
  | { readonly ok: false; readonly response: Response };

async function bodyOf(c: AppContext, { body: shape }: Door): Promise<Body> {
  if (shape === undefined) return { ok: true, value: null };
  const read = await readJson(c.req.raw, SCHEMAS[shape] as z.ZodType<Record<string, unknown>>);
  return read.ok ? { ok: true, value: read.value } : { ok: false, response: refuseBody(c, read) };
}

function emailIn(body: Record<string, unknown> | null): string | undefined {
  const email = body?.["email"];
  return typeof email === "string" ? email : undefined;
}

/** The request as the library gets it: the body as the schema left it, with what only the store may say. */
function forwarded(c: AppContext, { method, fixed }: Door, body: Record<string, unknown> | null): Request {
  if (body === null) return c.req.raw;
  const headers = new Headers(c.req.raw.headers);
  headers.delete("content-length");
  headers.set("content-type", "application/json");
  return new Request(c.req.url, { method, headers, body: JSON.stringify({ ...body, ...fixed }) });
}
