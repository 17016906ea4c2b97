/** The parameters of `GET /api/search`: strict, as an API is. Pages read theirs leniently. */
import * as z from "zod";
import { MAX_FACET_CHOICES, MAX_QUERY_LENGTH, SEARCH_SORTS, type SearchQuery } from "./search.ts";
import { isOfferedOffset, offsetOfCursor } from "./search-cursor.ts";

const MAX_ITEMS = 100;
const DEFAULT_ITEMS = 24;
const MAX_VALUE_LENGTH = 60;
const MAX_CURSOR_LENGTH = 20;

/** One line of text that Postgres can store. */
const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((value) => !/[\p{Cc}\p{Cs}]/u.test(value), "must be one line of text without control characters");
const choice = text(MAX_VALUE_LENGTH).min(1);
const choices = z.array(choice).max(MAX_FACET_CHOICES);
const amount = z
  .string()
  .regex(/^\d{1,9}$/, "must be an amount in minor units")
  .transform(Number);

const SearchParameters = z
  .strictObject({
    q: text(MAX_QUERY_LENGTH).default(""),
    category: choice.nullable().default(null),
    color: choices,
    storage: choices,
    minPrice: amount.nullable().default(null),
    maxPrice: amount.nullable().default(null),
    inStock: z
      .enum(["true", "false"])
      .default("false")
      .transform((value) => value === "true"),
    sort: z.enum(SEARCH_SORTS).default("relevance"),
    limit: z.coerce.number().int().min(1).max(MAX_ITEMS).default(DEFAULT_ITEMS),
    cursor: z
      .string()
      .max(MAX_CURSOR_LENGTH)
      .refine((cursor) => isOfferedOffset(offsetOfCursor(cursor)), "is not a cursor of this list")
      .nullable()
      .default(null),
  })
  .refine(({ minPrice, maxPrice }) => minPrice === null || maxPrice === null || minPrice <= maxPrice, {
    path: ["maxPrice"],
    message: "must not be below minPrice",
  });

/** Parameters that may be repeated, each naming one more choice. */
const REPEATABLE: ReadonlySet<string> = new Set(["color", "storage"]);

/** What is looked for, or zod's error about the parameters: unknown, repeated and malformed ones are refused. */
export function parseSearchQuery(params: URLSearchParams): z.ZodSafeParseResult<SearchQuery> {
  const given: Record<string, unknown> = { color: params.getAll("color"), storage: params.getAll("storage") };
  for (const name of new Set(params.keys())) {
    const values = params.getAll(name);
    // An array where one value belongs is refused by the schema, under the parameter's name.
    if (!REPEATABLE.has(name)) given[name] = values.length > 1 ? values : values[0];
  }
  return SearchParameters.safeParse(given);
}
