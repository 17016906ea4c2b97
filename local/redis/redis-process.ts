/** A `redis-server` of our own: found on the PATH, started in a given directory, ended again, also after we were killed. */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { startChild } from "../process/child.ts";
import { endRecorded, recordProcess } from "../process/pid-record.ts";

/** sun_path holds 104 bytes on macOS, 108 on Linux, the final zero included. */
const MAX_SOCKET_PATH_BYTES = 100;
const READY_TIMEOUT_MS = 15_000;
const PROBE_TIMEOUT_MS = 1000;
const MAX_MEMORY = "256mb";

const PROCESS_RECORD = "redis-server.pid";

export interface RedisProcess {
  readonly socketPath: string;
  readonly pid: number;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<unknown>;
  /** Its last lines of output. */
  lastOutput(): string;
  /** Ends it (the append-only file is written) and answers when it is gone. */
  stop(): Promise<void>;
}

/** The full path of `redis-server`, or undefined where none is installed. */
export async function findRedisServer(path = process.env["PATH"] ?? ""): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter((entry) => entry !== "")) {
    const candidate = join(folder, "redis-server");
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/**
 * Starts `redis-server` on a private unix socket with its data in `directory` and answers when it takes commands. What an earlier,
 * killed run left behind there is ended first. Rejects, with its last output, where it does not come up.
 */
export async function startRedisProcess(executable: string, directory: string): Promise<RedisProcess> {
  const home = resolve(directory);
  await mkdir(home, { recursive: true });
  const socketPath = socketPathFor(home);
  const record = join(home, PROCESS_RECORD);
  await endRecorded(record);
  await rm(socketPath, { force: true });

  let recorded = false;
  const child = await startChild({
    name: "redis-server",
    command: executable,
    args: serverArguments(home, socketPath),
    cwd: home,
    readyTimeoutMs: READY_TIMEOUT_MS,
    readyProbe: (pid) => {
      // Written down before it is ready: we may be killed while it loads its data.
      recorded ||= recordProcess(record, { name: "redis-server", pid });
      return answersPing(socketPath);
    },
  });

  return {
    socketPath,
    pid: child.pid,
    ended: child.exited,
    lastOutput: () => child.lastOutput(),
    stop: async () => {
      await child.stop();
      await rm(record, { force: true });
      await rm(socketPath, { force: true });
    },
  };
}

function serverArguments(home: string, socketPath: string): string[] {
  return [
    ...["--port", "0", "--unixsocket", socketPath, "--unixsocketperm", "700"],
    ...["--dir", home, "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""],
    ...["--maxmemory", MAX_MEMORY, "--maxmemory-policy", "allkeys-lru", "--databases", "1"],
    ...["--daemonize", "no", "--loglevel", "notice"],
  ];
}

function socketPathFor(home: string): string {
  const inside = join(home, "redis.sock");
  if (Buffer.byteLength(inside) <= MAX_SOCKET_PATH_BYTES) return inside;
  const digest = createHash("sha256").update(home).digest("hex").slice(0, 16);
  return join(tmpdir(), `holdfast-redis-${digest}.sock`);
}

/** While it loads its data redis-server accepts connections and answers -LOADING: only +PONG counts. */
function answersPing(socketPath: string): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(socketPath);
    const finish = (answer: boolean): void => {
      socket.destroy();
      settle(answer);
    };
    socket.setTimeout(PROBE_TIMEOUT_MS, () => {
      finish(false);
    });
    socket.once("error", () => {
      finish(false);
    });
    socket.once("connect", () => socket.write("PING\r\n"));
    socket.once("data", (data) => {
      finish(data.toString("latin1").startsWith("+PONG"));
    });
  });
}
