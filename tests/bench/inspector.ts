/** Records a CPU profile of the Worker by the `Profiler` domain of the runtime's inspector. */
import type { CpuProfile } from "./profile.ts";

const SAMPLING_INTERVAL_US = 500;
const ANSWER_TIMEOUT_MS = 30_000;

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
