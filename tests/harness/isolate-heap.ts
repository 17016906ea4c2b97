/** What the Worker's isolate has on its heap, asked over the runtime's inspector. */

const ANSWER_TIMEOUT_MS = 30_000;

/**
 * @param inspectorPort of a runtime that was started with one
 * @returns bytes in use after a full collection
 * @throws Error where the inspector does not answer
 */
export async function isolateHeapBytes(inspectorPort: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${inspectorPort}/json`);
  const targets = (await answer.json()) as { webSocketDebuggerUrl?: string }[];
  const url = targets.find((target) => target.webSocketDebuggerUrl !== undefined)?.webSocketDebuggerUrl;
  if (url === undefined) throw new Error("the runtime's inspector names no Worker");
  const socket = new WebSocket(url);
  try {
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve, { once: true });
      socket.addEventListener("error", () => reject(new Error(`no inspector at ${url}`)), { once: true });
    });
    await ask(socket, 1, "HeapProfiler.collectGarbage");
    const { usedSize } = (await ask(socket, 2, "Runtime.getHeapUsage")) as { usedSize: number };
    return usedSize;
  } finally {
    socket.close();
  }
}

async function ask(socket: WebSocket, id: number, method: string): Promise<unknown> {
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  return await new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error(`the inspector did not answer ${method}`)));
    socket.addEventListener("message", ({ data }) => {
      const answer = JSON.parse(String(data)) as {
        id?: number;
        result?: unknown;
        error?: { message: string };
      };
      if (answer.id !== id) return;
      if (answer.error === undefined) resolve(answer.result);
      else reject(new Error(`${method}: ${answer.error.message}`));
    });
    socket.send(JSON.stringify({ id, method }));
  });
}
