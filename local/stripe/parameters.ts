/** Reads typed values out of decoded parameters and refuses bad ones with the words Stripe uses. */
import { parameterInvalid, parameterMissing, parameterUnknown } from "./errors.ts";
import type { FormObject, FormValue } from "./form-decoding.ts";

const MAX_STRING_LENGTH = 5000;
const MAX_METADATA_KEYS = 50;
const MAX_METADATA_KEY_LENGTH = 40;
const MAX_METADATA_VALUE_LENGTH = 500;

/** Refuses any parameter that is not in `names`. `within` is the enclosing parameter, for the error's `param`. */
export function allowOnly(params: FormObject, names: readonly string[], within?: string): void {
  for (const name of Object.keys(params)) {
    if (!names.includes(name)) throw parameterUnknown(within === undefined ? name : `${within}[${name}]`);
  }
}

/** A string that was given and is not empty; `undefined` where the parameter is absent. */
export function optionalString(params: FormObject, name: string): string | undefined {
  const value = optionalClearable(params, name);
  if (value !== null) return value;
  const message =
    `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; ` +
    `however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`;
  throw parameterInvalid(name, message, "parameter_invalid_empty");
}

export function requiredString(params: FormObject, name: string): string {
  const value = optionalString(params, name);
  if (value === undefined) throw parameterMissing(name);
  return value;
}

/** Like `optionalString`, but an empty value means "unset" and reads as `null`. */
export function optionalClearable(params: FormObject, name: string): string | null | undefined {
  const value = params[name];
  if (value === undefined) return undefined;
  if (typeof value !== "string") throw parameterInvalid(name, `Invalid string: ${JSON.stringify(value)}`);
  if (value.length > MAX_STRING_LENGTH) {
    const message = `Invalid string: must be at most ${MAX_STRING_LENGTH} characters`;
    throw parameterInvalid(name, message, "parameter_invalid_string_too_long");
  }
  return value === "" ? null : value;
}

export function optionalInteger(params: FormObject, name: string): number | undefined {
  const value = optionalString(params, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(number)) {
    throw parameterInvalid(name, `Invalid integer: ${value}`, "parameter_invalid_integer");
  }
  return number;
}

export function optionalBoolean(params: FormObject, name: string): boolean | undefined {
  const value = optionalString(params, name);
  if (value === undefined) return undefined;
  if (value !== "true" && value !== "false") throw parameterInvalid(name, `Invalid boolean: ${value}`);
  return value === "true";
}

export function optionalChoice<Choice extends string>(
  params: FormObject,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const value = optionalString(params, name);
  if (value === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined)
    throw parameterInvalid(name, `Invalid ${name}: must be one of ${choices.join(", ")}`);
  return choice;
}

export function optionalObject(params: FormObject, name: string): FormObject | undefined {
  const value = params[name];
  if (value === undefined) return undefined;
  if (typeof value === "string" || Array.isArray(value)) throw parameterInvalid(name, "Invalid object");
  return value;
}

export function optionalStringList(params: FormObject, name: string): string[] | undefined {
  const value = params[name];
  if (value === undefined) return undefined;
  if (value === "") return [];
  if (!Array.isArray(value)) throw parameterInvalid(name, "Invalid array");
  return value.map((item) => {
    if (typeof item !== "string") throw parameterInvalid(name, "Invalid array");
    return item;
  });
}

/**
 * The metadata after this request: named keys are set, keys with an empty value are removed, the others stay, and an
 * empty `metadata` removes all of them.
 */
export function mergedMetadata(params: FormObject, current: Record<string, string>): Record<string, string> {
  const change = params["metadata"];
  if (change === undefined) return current;
  if (change === "") return {};
  if (typeof change === "string") throw parameterInvalid("metadata", "Invalid object");
  const merged = new Map(Object.entries(current));
  for (const [key, value] of Object.entries(change)) {
    setMetadata(merged, key, value);
  }
  if (merged.size > MAX_METADATA_KEYS) {
    throw parameterInvalid("metadata", `Metadata can have at most ${MAX_METADATA_KEYS} keys.`);
  }
  return Object.fromEntries(merged);
}

function setMetadata(metadata: Map<string, string>, key: string, value: FormValue): void {
  const param = `metadata[${key}]`;
  if (typeof value !== "string") throw parameterInvalid(param, "Metadata values must be strings.");
  if (key.length > MAX_METADATA_KEY_LENGTH) {
    throw parameterInvalid(
      param,
      `Metadata keys must be at most ${MAX_METADATA_KEY_LENGTH} characters long.`,
    );
  }
  if (value.length > MAX_METADATA_VALUE_LENGTH) {
    throw parameterInvalid(
      param,
      `Metadata values must be at most ${MAX_METADATA_VALUE_LENGTH} characters long.`,
    );
  }
  if (value === "") metadata.delete(key);
  else metadata.set(key, value);
}
