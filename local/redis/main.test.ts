/** The server as a process: its ready line, its refusals to start, its end, and its recovery after a kill. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAlive } from "../process/identity.ts";
import { endRecorded } from "../process/pid-record.ts";
import { waitFor } from "../process/wait-for.ts";
import { findRedisServer } from "./redis-process.ts";

const MAIN = join(import.meta.dirname, "main.ts");
const hasRedisServer = (await findRedisServer()) !== undefined;

interface Ready {
  readonly ready: true;
  readonly port: number;
  readonly engine: string;
}

let directory: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "holdfast-redis-main-"));
});
afterEach(async () => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  await endRecorded(join(directory, "redis-server.pid"));
  rmSync(directory, { recursive: true, force: true });
});

function launch(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  return child;
}

async function start(engine: string): Promise<{ child: ChildProcess; ready: Ready }> {
  const child = launch("--port", "0", "--token", "t", "--directory", directory, "--engine", engine);
  if (child.stdout === null) throw new Error("no output");
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { child, ready: JSON.parse(line) as Ready };
}

async function call(port: number, ...command: string[]): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${String(port)}/`, {
    method: "POST",
    headers: { authorization: "Bearer t" },
    body: JSON.stringify(command),
  });
  return response.json();
}

async function failure(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = "";
  child.stderr?.on("data", (data: Buffer) => (output += data.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

const redisServerPid = (): number =>
  (JSON.parse(readFileSync(join(directory, "redis-server.pid"), "utf8")) as { pid: number }).pid;

describe("the server process", () => {
  it("says when the embedded engine is ready, and ends on SIGTERM", async () => {
    const { child, ready } = await start("embedded");
    expect(ready).toEqual({ ready: true, port: expect.any(Number) as number, engine: "embedded" });
    expect(await call(ready.port, "PING")).toEqual({ result: "PONG" });
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("refuses in one sentence a port in use, an unknown engine and missing arguments", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const port = String((taken.address() as AddressInfo).port);
    const common = ["--token", "t", "--directory", directory];
    const inUse = await failure(launch("--port", port, ...common, "--engine", "embedded"));
    expect(inUse).toEqual({ code: 1, output: `redis server: port ${port} is already in use\n` });
    taken.close();
    const unknown = await failure(launch("--port", "0", ...common, "--engine", "other"));
    expect(unknown).toMatchObject({ code: 1, output: expect.stringContaining('not "other"') as string });
    expect((await failure(launch("--port", "0"))).output).toContain("usage:");
  });

  describe.skipIf(!hasRedisServer)("with a real redis-server", () => {
    it("ends it on SIGTERM and finds its data again", async () => {
      const first = await start("auto");
      expect(first.ready.engine).toBe("redis");
      await call(first.ready.port, "SET", "kept", "yes");
      const pid = redisServerPid();
      first.child.kill("SIGTERM");
      await once(first.child, "exit");
      expect(isAlive(pid)).toBe(false);
      const second = await start("redis");
      expect(await call(second.ready.port, "GET", "kept")).toEqual({ result: "yes" });
      second.child.kill("SIGTERM");
      await once(second.child, "exit");
    });

    it("ends the redis-server that a killed run left behind", async () => {
      const first = await start("redis");
      const orphan = redisServerPid();
      first.child.kill("SIGKILL");
      await once(first.child, "exit");
      expect(isAlive(orphan)).toBe(true);
      const second = await start("redis");
      expect(isAlive(orphan)).toBe(false);
      expect(await call(second.ready.port, "PING")).toEqual({ result: "PONG" });
      second.child.kill("SIGTERM");
      await once(second.child, "exit");
    });

    it("ends with its redis-server, so that its supervisor notices", async () => {
      const { child } = await start("redis");
      const pid = redisServerPid();
      process.kill(pid, "SIGKILL");
      expect(await once(child, "exit")).toEqual([1, null]);
      await waitFor(() => !isAlive(pid), { what: "redis-server to be gone" });
    });
  });
});
