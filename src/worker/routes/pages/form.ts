/** Posted forms: bounded, URL-encoded, read once. */
import type { ProblemCode } from "../../../contracts/problem.ts";
import type { AppContext } from "../../app-env.ts";
import { readText } from "../../middleware/request-body.ts";

const ESCAPED_BYTES = /(?:%[0-9a-f]{2})+/gi;
const FORM_MEDIA_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

export type Form =
  | { readonly ok: true; readonly fields: URLSearchParams }
  | { readonly ok: false; readonly code: ProblemCode };

/** The fields of the posted form; a form without fields may come without a content type. */
export async function readForm(c: AppContext): Promise<Form> {
  const body = await readText(c.req.raw);
  if (!body.ok) return { ok: false, code: body.code === "malformed_json" ? "bad_request" : body.code };
  if (body.text !== "" && !FORM_MEDIA_TYPE.test(c.req.header("content-type") ?? "")) {
    return { ok: false, code: "unsupported_media_type" };
  }
  if (!escapesUtf8(body.text)) return { ok: false, code: "bad_request" };
  return { ok: true, fields: new URLSearchParams(body.text) };
}

/** Whether escaped bytes are UTF-8: `URLSearchParams` replaces those that are not without a word. */
function escapesUtf8(text: string): boolean {
  try {
    for (const [escaped] of text.matchAll(ESCAPED_BYTES)) decodeURIComponent(escaped);
    return true;
  } catch {
    return false;
  }
}
