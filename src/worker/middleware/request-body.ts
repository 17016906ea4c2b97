/** Request bodies: bounded, UTF-8, JSON, and of the shape the contract names. */
import type { z } from "zod";
import type { FieldError, ProblemCode } from "../../contracts/problem.ts";
import type { AppContext } from "../app-env.ts";
import { problem } from "./problem.ts";

/** Bodies over 64 KiB are refused with 413 (contract, "Conventions"). */
const MAX_BODY_BYTES = 64 * 1024;
/** At most this many field errors are named in one answer. */
const MAX_FIELD_ERRORS = 20;

/** `csp-report` is what older browsers call the JSON of a policy's report. */
const JSON_MEDIA_TYPE = /^application\/(?:(?:[\w.+-]+\+)?json|csp-report)\s*(?:;|$)/i;

/** Bytes that are not UTF-8 make the body malformed, rather than be replaced silently. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

export type BodyRefusal = { readonly ok: false; readonly code: ProblemCode; readonly errors?: FieldError[] };

/**
 * The request with a body that is known not to be over the limit: one that announces its length is believed (the runtime holds it
 * to that), one that does not is read and counted.
 *
 * @returns null where it is too much
 */
export async function bounded(request: Request): Promise<Request | null> {
  const announced = request.headers.get("content-length");
  if (announced !== null) return Number(announced) > MAX_BODY_BYTES ? null : request;
  if (request.body === null) return request;
  const bytes = await readCounted(request.body as ReadableStream<Uint8Array>);
  return bytes === null ? null : new Request(request, { body: bytes });
}

/**
 * The body as text, of a request that is `bounded`.
 *
 * @returns a refusal `malformed_json` where the bytes are not UTF-8
 */
export async function readText(request: Request): Promise<{ ok: true; text: string } | BodyRefusal> {
  const bytes = await request.arrayBuffer();
  try {
    // Not `request.text()`: it replaces broken bytes by U+FFFD, which a sender may also have written.
    return { ok: true, text: utf8.decode(bytes) };
  } catch {
    return { ok: false, code: "malformed_json" };
  }
}

/** Reads a chunked body up to the limit; null where it is longer. */
async function readCounted(body: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer> | null> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > MAX_BODY_BYTES) {
      await reader.cancel("body too large");
      return null;
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

export type JsonBody<T, Input> = { readonly ok: true; readonly value: T; readonly raw: Input } | BodyRefusal;

/**
 * The body as JSON of a schema.
 *
 * @returns the parsed value beside the body as received; or a refusal: `malformed_json`,
 * `unsupported_media_type` (well-formed JSON that is declared to be something else), `validation_failed` with fields
 */
export async function readJson<T, Input>(
  request: Request,
  schema: z.ZodType<T, Input>,
): Promise<JsonBody<T, Input>> {
  const body = await readText(request);
  if (!body.ok) return body;
  let raw: unknown;
  try {
    raw = JSON.parse(body.text);
  } catch {
    return { ok: false, code: "malformed_json" };
  }
  const mediaType = request.headers.get("content-type");
  if (mediaType !== null && !JSON_MEDIA_TYPE.test(mediaType)) {
    return { ok: false, code: "unsupported_media_type" };
  }
  const parsed = schema.safeParse(raw);
  if (!parsed.success) return { ok: false, code: "validation_failed", errors: fieldErrors(parsed.error) };
  return { ok: true, value: parsed.data, raw: raw as Input };
}

/** Which fields are wrong and why, bounded; unknown fields are named one by one. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  const errors: FieldError[] = [];
  for (const issue of error.issues) {
    const path = issue.path.map(String);
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys)
        errors.push({ path: [...path, key.slice(0, 100)].join("."), message: "unknown field" });
    } else {
      errors.push({ path: path.join("."), message: issue.message });
    }
  }
  return errors.slice(0, MAX_FIELD_ERRORS);
}

/** The answer to a refused body. */
export function refuseBody(c: AppContext, refusal: BodyRefusal): Response {
  return problem(c, refusal.code, { errors: refusal.errors });
}
