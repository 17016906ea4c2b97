/** What `npm run bench` is told on its command line. */
import { parseArgs } from "node:util";

/** In the order in which they are measured: what leaves nothing behind comes first. */
export const SECTIONS = [
  "reads",
  "placing",
  "status",
  "designs",
  "latency",
  "polling",
  "rush",
  "purchases",
  "search",
  "memory",
  "growth",
] as const;

export type Section = (typeof SECTIONS)[number];

/** `growth` takes long, so it is measured only where it is named. */
const LONG_SECTIONS: readonly Section[] = ["growth"];

export const PROFILES = ["placing", "refused", "status", "page", "purchases"] as const;

export type ProfileKind = (typeof PROFILES)[number];

export interface BenchOptions {
  readonly sections: readonly Section[];
  /** File for the numbers. */
  readonly json: string | null;
  /** Of one row in one round. */
  readonly seconds: number;
  readonly rounds: number;
  readonly purchaseSeconds: number;
  /** Numbers of live orders between which memory is measured, and those of `growth`. */
  readonly memoryOrders: readonly number[];
  readonly growthOrders: readonly number[];
  /** In place of everything else. */
  readonly profile: ProfileKind | null;
  readonly profileSeconds: number;
  /** File for the profile itself, for the browser's developer tools. */
  readonly profileFile: string | null;
}

/** @throws Error naming the option that is not what it should be */
export function benchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string" },
      json: { type: "string" },
      seconds: { type: "string", default: "3" },
      rounds: { type: "string", default: "3" },
      "purchase-seconds": { type: "string", default: "15" },
      "memory-orders": { type: "string", default: "20000,40000" },
      "growth-orders": { type: "string", default: "20000,40000,60000,80000,100000" },
      profile: { type: "string" },
      "profile-seconds": { type: "string", default: "10" },
      "profile-file": { type: "string" },
    },
  });
  return {
    sections:
      values.only === undefined
        ? SECTIONS.filter((section) => !LONG_SECTIONS.includes(section))
        : inOrder(values.only.split(",").map((name) => oneOf("--only", name, SECTIONS))),
    json: values.json ?? null,
    seconds: numberIn("--seconds", values.seconds, 0.1, 60),
    rounds: numberIn("--rounds", values.rounds, 1, 20),
    purchaseSeconds: numberIn("--purchase-seconds", values["purchase-seconds"], 0.1, 120),
    memoryOrders: orderCounts("--memory-orders", values["memory-orders"]),
    growthOrders: orderCounts("--growth-orders", values["growth-orders"]),
    profile: values.profile === undefined ? null : oneOf("--profile", values.profile, PROFILES),
    profileSeconds: numberIn("--profile-seconds", values["profile-seconds"], 0.5, 120),
    profileFile: values["profile-file"] ?? null,
  };
}

function inOrder(sections: readonly Section[]): Section[] {
  return SECTIONS.filter((section) => sections.includes(section));
}

function oneOf<Name extends string>(option: string, text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new Error(`${option} takes ${names.join(", ")}, not "${text}"`);
  return found;
}

function numberIn(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= least && value <= most))
    throw new Error(`${option} must be a number from ${least} to ${most}, not "${text}"`);
  return value;
}

/** At least two, ascending: what is asked for is a slope. */
function orderCounts(option: string, text: string): number[] {
  const counts = text.split(",").map((each) => numberIn(option, each, 1, 200_000));
  const ascending = counts.every((count, index) => index === 0 || count > (counts[index - 1] ?? 0));
  if (counts.length < 2 || !ascending)
    throw new Error(`${option} takes two or more ascending numbers, not "${text}"`);
  return counts;
}
