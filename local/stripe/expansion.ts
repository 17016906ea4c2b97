/** `expand[]`: puts whole resources in the place of their ids. */
import { invalidRequest } from "./errors.ts";
import type { FormObject } from "./form-decoding.ts";
import { optionalStringList } from "./parameters.ts";
import type { EmulatorState } from "./state.ts";

const MAX_DEPTH = 4;
const MAX_PATHS = 20;

type Node = Record<string, unknown>;

/** Answers `body` with every path in `expand` expanded; refuses a path that leads nowhere (400). `body` stays as it is. */
export function expand(state: EmulatorState, body: object, params: FormObject): object {
  const paths = optionalStringList(params, "expand") ?? [];
  if (paths.length > MAX_PATHS)
    throw invalidRequest(`You cannot expand more than ${MAX_PATHS} properties at once.`);
  return paths.reduce<object>((expanded, path) => {
    const segments = path.split(".");
    if (segments.length > MAX_DEPTH)
      throw invalidRequest(`You cannot expand more than ${MAX_DEPTH} levels of a property (${path}).`);
    return expandPath(state, expanded as Node, segments, path);
  }, body);
}

function expandPath(state: EmulatorState, node: Node, segments: readonly string[], path: string): Node {
  const [name, ...rest] = segments;
  if (name === undefined) return node;
  const value = node[name];
  if (Array.isArray(value) && rest.length > 0) {
    return { ...node, [name]: value.map((item: Node) => expandPath(state, item, rest, path)) };
  }
  if (value === null) return node;
  const resource = typeof value === "string" ? lookUp(state, name, value) : (value as Node | undefined);
  if (resource === undefined || Array.isArray(resource))
    throw invalidRequest(`This property cannot be expanded (${path}).`);
  return { ...node, [name]: expandPath(state, resource, rest, path) };
}

function lookUp(state: EmulatorState, name: string, id: string): Node | undefined {
  switch (name) {
    case "latest_charge":
    case "charge":
      return state.charges.get(id) as Node | undefined;
    case "payment_intent":
      return state.paymentIntents.get(id) as Node | undefined;
    case "payment_method":
      return state.cards.get(id)?.method as Node | undefined;
    case "customer":
      return state.customers.get(id) as Node | undefined;
    default:
      return undefined;
  }
}
