/**
 * Where the runtime's time goes: a CPU profile of the Worker, by the inspector's `Profiler` domain, while one kind of load runs.
 * The build is not minified for it, and functions are shown at their place in the source, by the build's source map.
 */
import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { basename, dirname, relative, resolve } from "node:path";
import { PROJECT_DIRECTORY } from "../../local/orchestration/settings.ts";

const SAMPLING_INTERVAL_US = 500;
const ANSWER_TIMEOUT_MS = 30_000;

/** What `Profiler.stop` returns, as far as it is used here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: CallFrame;
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
  /** Of the time that the isolate was not idle. */
  readonly share: number;
}

/** @param load runs while samples are taken */
export async function recordProfile(
  inspectorPort: number,
  load: () => Promise<unknown>,
): Promise<CpuProfile> {
  const session = await InspectorSession.open(await workerTarget(inspectorPort));
  try {
    await session.ask("Profiler.enable");
    await session.ask("Profiler.setSamplingInterval", { interval: SAMPLING_INTERVAL_US });
    await session.ask("Profiler.start");
    await load();
    const { profile } = (await session.ask("Profiler.stop")) as { profile: CpuProfile };
    return profile;
  } finally {
    session.close();
  }
}

/** Functions by the time they spent themselves, most first; functions of one place are one, wherever they were called from. */
export function selfTimes(
  profile: CpuProfile,
  placeOf: (frame: CallFrame) => string = plainPlace,
): FunctionTime[] {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, { name: string; place: string; selfMs: number }>();
  let busyMs = 0;
  for (const [index, node] of profile.samples.entries()) {
    const frame = frames.get(node);
    // The time since this sample is what its function took: that is the next sample's delta.
    const selfMs = (profile.timeDeltas[index + 1] ?? 0) / 1000;
    if (frame === undefined || frame.functionName === "(idle)") continue;
    busyMs += selfMs;
    const place = placeOf(frame);
    const key = `${frame.functionName} ${place}`;
    const known = times.get(key);
    if (known === undefined)
      times.set(key, { name: frame.functionName === "" ? "(anonymous)" : frame.functionName, place, selfMs });
    else known.selfMs += selfMs;
  }
  return [...times.values()]
    .map((each) => ({ ...each, share: busyMs === 0 ? 0 : each.selfMs / busyMs }))
    .sort((one, other) => other.selfMs - one.selfMs);
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

/** The same by file. */
export function selfTimesByFile(times: readonly FunctionTime[]): FunctionTime[] {
  const files = new Map<string, FunctionTime>();
  for (const { name, place, selfMs, share } of times) {
    // What has no place is the runtime's own: each function stands for itself.
    const file = place === "" ? name : place.replace(/:\d+$/, "");
    const known = files.get(file) ?? { name: file, place: "", selfMs: 0, share: 0 };
    files.set(file, { ...known, selfMs: known.selfMs + selfMs, share: known.share + share });
  }
  return [...files.values()].sort((one, other) => other.selfMs - one.selfMs);
}

export function printProfile(what: string, times: readonly FunctionTime[], top: number): void {
  const busyMs = times.reduce((sum, { selfMs }) => sum + selfMs, 0);
  console.log(`\n${what}: ${busyMs.toFixed(0)} ms on the Worker's thread\n`);
  for (const { name, place, selfMs, share } of times.slice(0, top)) {
    const percent = `${(share * 100).toFixed(1)}%`.padStart(6);
    console.log(`${percent}${selfMs.toFixed(0).padStart(8)} ms  ${name.padEnd(36)} ${place}`.trimEnd());
  }
}

function plainPlace({ url, lineNumber }: CallFrame): string {
  return url === "" ? "" : `${basename(url)}:${lineNumber + 1}`;
}

async function workerTarget(inspectorPort: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${inspectorPort}/json`);
  const targets = (await answer.json()) as { webSocketDebuggerUrl?: string }[];
  const url = targets.find((target) => target.webSocketDebuggerUrl !== undefined)?.webSocketDebuggerUrl;
  if (url === undefined) throw new Error("the runtime's inspector names no Worker");
  return url;
}

/** Asks one question at a time of the inspector's WebSocket. */
class InspectorSession {
  readonly #socket: WebSocket;
  #next = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  static async open(url: string): Promise<InspectorSession> {
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("open", () => resolve(), { once: true });
      socket.addEventListener("error", () => reject(new Error(`no inspector at ${url}`)), { once: true });
    });
    return new InspectorSession(socket);
  }

  /** @throws Error where the inspector refuses, or does not answer within half a minute */
  ask(method: string, params: object = {}): Promise<unknown> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        this.#socket.removeEventListener("message", hear);
        settle();
      };
      const hear = ({ data }: MessageEvent): void => {
        const answer = JSON.parse(String(data)) as {
          id?: number;
          result?: unknown;
          error?: { message: string };
        };
        if (answer.id !== id) return;
        const { error } = answer;
        end(() =>
          error === undefined ? resolve(answer.result) : reject(new Error(`${method}: ${error.message}`)),
        );
      };
      const timer = setTimeout(
        () => end(() => reject(new Error(`the inspector did not answer ${method}`))),
        ANSWER_TIMEOUT_MS,
      );
      this.#socket.addEventListener("message", hear);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  close(): void {
    this.#socket.close();
  }
}
