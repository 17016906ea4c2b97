/** The `?cursor=&limit=` of a list. */
import * as z from "zod";
import type { FieldError } from "../../contracts/problem.ts";
import type { AppContext } from "../app-env.ts";
import { fieldErrors } from "../middleware/request-body.ts";

/** Lists answer at most 100 items (contract, "Conventions"). */
const MAX_PAGE_ITEMS = 100;
const DEFAULT_PAGE_ITEMS = 50;
const MAX_CURSOR_LENGTH = 500;

const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_ITEMS).default(DEFAULT_PAGE_ITEMS),
  cursor: z.string().max(MAX_CURSOR_LENGTH).optional(),
});

export type PageRequest =
  | { readonly ok: true; readonly limit: number; readonly cursor: string | undefined }
  | { readonly ok: false; readonly errors: FieldError[] };

export function pageOf(c: AppContext): PageRequest {
  const parsed = PageQuery.safeParse({ limit: c.req.query("limit"), cursor: c.req.query("cursor") });
  if (!parsed.success) return { ok: false, errors: fieldErrors(parsed.error) };
  return { ok: true, limit: parsed.data.limit, cursor: parsed.data.cursor };
}

/** What is said of a cursor that this list did not give out. */
export const UNKNOWN_CURSOR: readonly FieldError[] = [
  { path: "cursor", message: "is not a cursor of this list" },
];
