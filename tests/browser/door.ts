/**
 * The store behind a door of the test's own, for what a browser's tools do not see or cannot change: beacons that are sent as a
 * page goes away, and the script of a service worker.
 */
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export interface DoorOptions {
  /** Scripts that are answered here, by path; may be filled later. */
  readonly scripts?: ReadonlyMap<string, Uint8Array>;
  /** Told of every request that went through and its answer. */
  readonly onAnswer?: (path: string, body: string, status: number) => void;
}

export interface Door {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** @param store the store's origin */
export async function openDoor(store: string, { scripts, onAnswer }: DoorOptions): Promise<Door> {
  const door = createServer((incoming, outgoing) => {
    const { method, headers, url = "/" } = incoming;
    const script = scripts?.get(url);
    if (script !== undefined) {
      outgoing.writeHead(200, { "content-type": "text/javascript", "cache-control": "no-cache" }).end(script);
      return;
    }
    const chunks: Buffer[] = [];
    const inside = request(new URL(url, store), { method, headers }, (answer) => {
      const status = answer.statusCode ?? 502;
      onAnswer?.(url, Buffer.concat(chunks).toString(), status);
      outgoing.writeHead(status, answer.headers);
      answer.pipe(outgoing);
    });
    inside.on("error", () => outgoing.destroy());
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk)).pipe(inside);
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${String((door.address() as AddressInfo).port)}`,
    close: () =>
      new Promise((resolve) => {
        door.close(() => {
          resolve();
        });
        door.closeAllConnections();
      }),
  };
}
