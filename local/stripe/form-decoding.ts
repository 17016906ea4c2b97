/** Decodes Stripe's form encoding: `a[b][c]=1`, `list[]=x` and `list[0]=x` become nested objects and arrays. */
import { parameterInvalid } from "./errors.ts";

export type FormValue = string | FormObject | FormValue[];
export type FormObject = { [name: string]: FormValue };

const MAX_PAIRS = 1000;
const MAX_DEPTH = 6;

/**
 * Decodes a query string or a form body (without the `?`).
 * Throws a 400 where a name is malformed, nested too deeply, or used both as a value and as an object.
 */
export function decodeForm(text: string): FormObject {
  const root = emptyObject();
  if (text === "") return root;
  let pairs = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    pairs += 1;
    if (pairs > MAX_PAIRS) throw parameterInvalid(name, `At most ${MAX_PAIRS} parameters are allowed.`);
    place(root, name, value);
  }
  return withArrays(root) as FormObject;
}

/** Has no prototype, so that a parameter called `__proto__` is only a name. */
function emptyObject(): FormObject {
  return Object.create(null) as FormObject;
}

function place(root: FormObject, name: string, value: string): void {
  const path = segments(name);
  const last = path.pop();
  if (last === undefined) return;
  let node = root;
  for (const segment of path) {
    const key = segment === "" ? nextIndex(node) : segment;
    const child = (node[key] ??= emptyObject());
    if (typeof child === "string" || Array.isArray(child)) {
      throw parameterInvalid(name, `Invalid request: ${name} is both a value and an object.`);
    }
    node = child;
  }
  const key = last === "" ? nextIndex(node) : last;
  if (typeof node[key] === "object")
    throw parameterInvalid(name, `Invalid request: ${name} is both a value and an object.`);
  node[key] = value;
}

/** `a[b][]` → `["a", "b", ""]`. */
function segments(name: string): string[] {
  const open = name.indexOf("[");
  if (open === -1) return [name];
  const rest = name.slice(open);
  if (open === 0 || !/^(?:\[[^[\]]*\])+$/.test(rest))
    throw parameterInvalid(name, `Invalid parameter name: ${name}`);
  const path = [name.slice(0, open), ...rest.slice(1, -1).split("][")];
  if (path.length > MAX_DEPTH) throw parameterInvalid(name, `Parameter nested too deeply: ${name}`);
  return path;
}

function nextIndex(node: FormObject): string {
  return String(Object.keys(node).length);
}

/** Turns objects with the keys 0, 1, 2 … into arrays, from the leaves up. */
function withArrays(value: FormValue): FormValue {
  if (typeof value === "string" || Array.isArray(value)) return value;
  const keys = Object.keys(value);
  for (const key of keys) {
    const child = value[key];
    if (child !== undefined && typeof child !== "string") value[key] = withArrays(child);
  }
  const isList = keys.length > 0 && keys.every((key, index) => key === String(index));
  return isList ? keys.map((key) => value[key] ?? "") : value;
}
