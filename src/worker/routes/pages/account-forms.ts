/**
 * The account's forms: what was typed is judged by the door's schema and brought to the door, as the API does it; a refusal
 * becomes what the page says. Faults are refusals here, too: what was typed is kept.
 */
import type * as z from "zod";
import { PROBLEMS, type ProblemCode } from "../../../contracts/problem.ts";
import { NO_ANSWER, type AccountAnswer } from "../../../../web/components/account-entry.tsx";
import type { AccountMessage } from "../../../../web/components/account-notice.tsx";
import { ACCOUNT_FIELDS, adviceFor, type FieldMessages } from "../../../../web/account-rules.ts";
import { doorNamed } from "../../accounts/doors.ts";
import { knock, type DoorBody } from "../../accounts/knock.ts";
import type { AppContext } from "../../app-env.ts";
import { servicesOf } from "../../compose.ts";
import { meaningOf } from "../../faults.ts";
import { SCHEMAS } from "../../openapi/schemas.ts";
import { PERSONAL_PAGE } from "./site.ts";

/** A typed value longer than this is cut before it is shown again: none that we take is. */
const MAX_TYPED_LENGTH = 300;
/** When nothing better is known, a door asks for this much patience. */
const DEFAULT_RETRY_AFTER_SECONDS = 60;

export type Submitted =
  | { readonly ok: true; readonly answer: Response }
  | { readonly ok: false; readonly code: ProblemCode; readonly answer: AccountAnswer };

/**
 * Brings a form to a door. The cookies of the door's answer go out with the page's.
 *
 * @param name of the door
 * @param typed as the door's schema wants it
 * @param says what the page says of a refusal, where that is not what it usually says
 */
export async function submit(
  c: AppContext,
  name: string,
  typed: Readonly<Record<string, unknown>>,
  says: Partial<Record<ProblemCode, AccountMessage>> = {},
): Promise<Submitted> {
  const door = doorNamed(name);
  const judged = judgeForm(door.body === undefined ? null : SCHEMAS[door.body], typed);
  if (!judged.ok) {
    const message = judged.errors.size === 0 ? "link_expired" : null;
    return { ok: false, code: "validation_failed", answer: { ...NO_ANSWER, errors: judged.errors, message } };
  }
  try {
    const knocked = await knock(c, door, judged.body);
    if (!knocked.ok) return refused(knocked.code, knocked.retryAfterSeconds, says);
    for (const cookie of knocked.answer.headers.getSetCookie())
      c.header("set-cookie", cookie, { append: true });
    return knocked;
  } catch (fault) {
    const { code, retryAfterSeconds } = meaningOf(fault);
    servicesOf(c.env).telemetry.fault("accounts.form_failed", fault, {
      requestId: c.get("requestId"),
      code,
    });
    return refused(code, retryAfterSeconds, says);
  }
}

type Judged =
  { readonly ok: true; readonly body: DoorBody } | { readonly ok: false; readonly errors: FieldMessages };

function judgeForm(shape: z.ZodType | null, typed: Readonly<Record<string, unknown>>): Judged {
  if (shape === null) return { ok: true, body: null };
  const parsed = shape.safeParse(typed);
  if (parsed.success) return { ok: true, body: parsed.data as Record<string, unknown> };
  const wrong = new Set(parsed.error.issues.map(({ path }) => path[0]));
  // Whoever gives a name, or another than the present one, is choosing a password.
  const isNew = "name" in typed || "newPassword" in typed;
  const errors = ACCOUNT_FIELDS.filter((field) => wrong.has(field)).map(
    (field) => [field, adviceFor(field, textOf(typed[field]), isNew)] as const,
  );
  return { ok: false, errors: new Map(errors) };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

const MESSAGES: Partial<Record<ProblemCode, AccountMessage>> = {
  invalid_credentials: "wrong_credentials",
  email_not_verified: "unverified",
  link_expired: "link_expired",
  sign_in_again: "sign_in_again",
  unauthorised: "sign_in_first",
  challenge_required: "caught",
};

function refused(
  code: ProblemCode,
  retryAfterSeconds: number | undefined,
  says: Partial<Record<ProblemCode, AccountMessage>>,
): Submitted {
  const answer =
    code === "rate_limited"
      ? { ...NO_ANSWER, retryAfterSeconds: retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS }
      : { ...NO_ANSWER, message: says[code] ?? MESSAGES[code] ?? "unavailable" };
  return { ok: false, code, answer };
}

/** A page of an account: nobody else's, never kept; with the status of the refusal where there is one. */
export function accountPage(c: AppContext, html: string, refusal: Submitted | null = null): Response {
  c.header("cache-control", PERSONAL_PAGE);
  if (refusal === null || refusal.ok) return c.html(html);
  const { status } = PROBLEMS[refusal.code];
  if (status === 429 || status === 503) {
    c.header("retry-after", String(refusal.answer.retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS));
  }
  return c.html(html, status);
}

/** What was typed into a field, as it is shown again. */
export function typedIn(fields: URLSearchParams, name: string): string {
  return (fields.get(name) ?? "").slice(0, MAX_TYPED_LENGTH);
}
