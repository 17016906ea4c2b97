/** Stripe's cursor lists: newest first, `limit`, `starting_after`, `ending_before`, `created[gte]` and the like. */
import type { Collection } from "./collection.ts";
import { parameterInvalid, resourceMissing } from "./errors.ts";
import type { FormObject } from "./form-decoding.ts";
import { allowOnly, optionalInteger, optionalString } from "./parameters.ts";

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

/** Parameters that every list takes. */
export const LIST_PARAMETERS = ["limit", "starting_after", "ending_before", "expand", "created"] as const;

export type ListOptions<Value> = {
  url: string;
  /** Stripe's name of the resource, for "No such …". */
  kind: string;
  matches?: (value: Value) => boolean;
};

export type ListPage<Value> = { object: "list"; data: Value[]; has_more: boolean; url: string };

/** Bounds of a creation time in Unix seconds, both inclusive. */
type CreatedRange = { from: number; to: number };

/** `limit` between 1 and 100, 10 where it is absent; refuses others as Stripe does. */
export function readLimit(params: FormObject): number {
  const limit = optionalInteger(params, "limit") ?? DEFAULT_LIMIT;
  if (limit < 1)
    throw parameterInvalid(
      "limit",
      "This value must be greater than or equal to 1.",
      "parameter_invalid_integer",
    );
  if (limit > MAX_LIMIT) {
    throw parameterInvalid(
      "limit",
      `This value must be less than or equal to ${MAX_LIMIT} (it currently is '${limit}').`,
    );
  }
  return limit;
}

/** One page of `collection`. Refuses a cursor that does not exist (400) and a limit out of 1–100. */
export function listPage<Value extends { id: string; created: number }>(
  collection: Collection<Value>,
  params: FormObject,
  options: ListOptions<Value>,
): ListPage<Value> {
  const limit = readLimit(params);
  const range = createdRange(params);
  const after = cursor(collection, params, "starting_after", options.kind);
  const before = cursor(collection, params, "ending_before", options.kind);
  if (after !== undefined && before !== undefined) {
    throw parameterInvalid(
      "ending_before",
      "You can only specify one of these parameters: starting_after, ending_before.",
    );
  }
  const source = before === undefined ? collection.newestFirst(after) : collection.newerThan(before);
  const found: Value[] = [];
  for (const value of source) {
    // Newest first, everything that follows is older still.
    if (before === undefined && value.created < range.from) break;
    if (value.created < range.from || value.created > range.to) continue;
    if (options.matches !== undefined && !options.matches(value)) continue;
    found.push(value);
    if (found.length > limit) break;
  }
  const data = found.slice(0, limit);
  if (before !== undefined) data.reverse();
  return { object: "list", data, has_more: found.length > limit, url: options.url };
}

function cursor<Value extends object>(
  collection: Collection<Value>,
  params: FormObject,
  name: string,
  kind: string,
): string | undefined {
  const id = optionalString(params, name);
  if (id !== undefined && collection.get(id) === undefined) throw resourceMissing(kind, id, name, 400);
  return id;
}

function createdRange(params: FormObject): CreatedRange {
  const created = params["created"];
  if (created === undefined) return { from: 0, to: Infinity };
  if (typeof created === "string") {
    const exact = optionalInteger(params, "created") ?? 0;
    return { from: exact, to: exact };
  }
  if (Array.isArray(created)) throw parameterInvalid("created", "Invalid object");
  allowOnly(created, ["gt", "gte", "lt", "lte"], "created");
  const gt = optionalInteger(created, "gt") ?? -1;
  const lt = optionalInteger(created, "lt") ?? Infinity;
  return {
    from: Math.max(optionalInteger(created, "gte") ?? 0, gt + 1),
    to: Math.min(optionalInteger(created, "lte") ?? Infinity, lt - 1),
  };
}
