/** Where the runtime's time went: a CPU profile as times by function and by file, at their place in the source. */
import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { basename, dirname, relative, resolve } from "node:path";
import { PROJECT_DIRECTORY } from "../../local/orchestration/settings.ts";

/** What the profiler calls the time when nothing ran, and the bottom of every stack. */
const IDLE = "(idle)";
const ROOT = "(root)";

/** What `Profiler.stop` returns, as far as it is used here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: CallFrame;
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

/** Lines and columns count from 0. */
interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

export interface FunctionTime {
  readonly name: string;
  readonly place: string;
  readonly selfMs: number;
  /** Together with what it called until it first awaited. */
  readonly totalMs: number;
}

/** Functions by the time they spent themselves, most first; functions of one place are one, wherever they were called from. */
export function functionTimes(
  profile: CpuProfile,
  placeOf: (frame: CallFrame) => string = plainPlace,
): FunctionTime[] {
  const ownMs = ownTimes(profile);
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const times = new Map<string, { name: string; place: string; selfMs: number; totalMs: number }>();
  /** Adds a node and what is below it; `above` are the functions on the stack, which a recursion must not count twice. */
  const visit = (id: number, above: readonly string[]): number => {
    const node = nodes.get(id);
    if (node === undefined || node.callFrame.functionName === IDLE) return 0;
    const name = node.callFrame.functionName === "" ? "(anonymous)" : node.callFrame.functionName;
    const place = placeOf(node.callFrame);
    const key = `${name} ${place}`;
    const selfMs = ownMs.get(id) ?? 0;
    const stack = [...above, key];
    const totalMs = (node.children ?? []).reduce((sum, child) => sum + visit(child, stack), selfMs);
    const known = times.get(key) ?? { name, place, selfMs: 0, totalMs: 0 };
    known.selfMs += selfMs;
    if (!above.includes(key)) known.totalMs += totalMs;
    times.set(key, known);
    return totalMs;
  };
  const [root] = profile.nodes;
  if (root !== undefined) visit(root.id, []);
  return [...times.values()]
    .filter(({ name }) => name !== ROOT)
    .sort((one, other) => other.selfMs - one.selfMs);
}

/** By node, in milliseconds: the time from each of its samples to the next. */
function ownTimes({ samples, timeDeltas }: CpuProfile): ReadonlyMap<number, number> {
  const ownMs = new Map<number, number>();
  for (const [index, node] of samples.entries())
    ownMs.set(node, (ownMs.get(node) ?? 0) + (timeDeltas[index + 1] ?? 0) / 1000);
  return ownMs;
}

/** Own times by file, most first. */
export function fileTimes(
  times: readonly FunctionTime[],
): { readonly file: string; readonly selfMs: number }[] {
  const files = new Map<string, number>();
  for (const { name, place, selfMs } of times) {
    // What has no place is the runtime's own: each function stands for itself.
    const file = place === "" ? name : place.replace(/:\d+$/, "");
    files.set(file, (files.get(file) ?? 0) + selfMs);
  }
  return [...files]
    .map(([file, selfMs]) => ({ file, selfMs }))
    .sort((one, other) => other.selfMs - one.selfMs);
}

/** Three tables of at most `top` lines. */
export function printProfile(what: string, times: readonly FunctionTime[], top: number): void {
  const busyMs = times.reduce((sum, { selfMs }) => sum + selfMs, 0);
  const print = (milliseconds: number, text: string): void => {
    const percent = ((milliseconds / busyMs) * 100).toFixed(1).padStart(5);
    console.log(`${percent}%${milliseconds.toFixed(0).padStart(8)} ms  ${text.trimEnd()}`);
  };
  const named = ({ name, place }: FunctionTime): string => `${name.padEnd(36)} ${place}`;
  console.log(`\n${what}: ${busyMs.toFixed(0)} ms on the Worker's thread\n\nby function, own time`);
  for (const each of times.slice(0, top)) print(each.selfMs, named(each));
  console.log("\nby file, own time");
  for (const { file, selfMs } of fileTimes(times).slice(0, top)) print(selfMs, file);
  console.log("\nby function, with what it called until it first awaited");
  const byTotal = times.toSorted((one, other) => other.totalMs - one.totalMs);
  for (const each of byTotal.slice(0, top)) print(each.totalMs, named(each));
}

/** Places of the source, read from the source map beside the built script. */
export function sourcePlaces(script: string): (frame: CallFrame) => string {
  const file = `${script}.map`;
  if (!existsSync(file)) return plainPlace;
  const map = new SourceMap(
    JSON.parse(readFileSync(file, "utf8")) as ConstructorParameters<typeof SourceMap>[0],
  );
  return (frame) => {
    if (!frame.url.endsWith(basename(script))) return plainPlace(frame);
    const entry = map.findEntry(frame.lineNumber, frame.columnNumber);
    if (!("originalSource" in entry)) return plainPlace(frame);
    const source = relative(PROJECT_DIRECTORY, resolve(dirname(file), entry.originalSource)).replace(
      /^.*node_modules\//,
      "",
    );
    return `${source}:${entry.originalLine + 1}`;
  };
}

function plainPlace({ url, lineNumber }: CallFrame): string {
  return url === "" ? "" : `${basename(url)}:${lineNumber + 1}`;
}
