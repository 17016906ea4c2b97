/** Child processes: readiness, errors that say what happened, and nothing left behind. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startChild } from "./child.ts";
import { choosePort } from "./free-port.ts";
import { isAlive } from "./identity.ts";
import { endRecorded, readLiveRecord, recordProcess } from "./pid-record.ts";
import { waitFor } from "./wait-for.ts";

const node = process.execPath;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "holdfast-child-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe("startChild", () => {
  it("resolves when the awaited line was printed, and stops the child", async () => {
    const script = "console.log('warming up'); console.log('ready'); setInterval(() => {}, 1000)";
    const child = await startChild({
      name: "it",
      command: node,
      args: ["-e", script],
      readyLine: (l) => l === "ready",
    });
    expect(child.lastOutput()).toContain("warming up");
    await child.stop();
    expect(isAlive(child.pid)).toBe(false);
    await expect(child.exited).resolves.toMatchObject({ signal: "SIGTERM" });
  });

  it("rejects with the last output where the child ends before it is ready", async () => {
    const script = "console.error('no such disk'); process.exit(3)";
    const starting = startChild({
      name: "the disk",
      command: node,
      args: ["-e", script],
      readyLine: () => false,
    });
    await expect(starting).rejects.toThrow(/the disk ended while starting \(code 3\).*no such disk/s);
  });

  it("rejects where the program does not exist", async () => {
    const starting = startChild({ name: "the ghost", command: join(directory, "ghost"), args: [] });
    await expect(starting).rejects.toThrow("the ghost could not be started");
  });

  it("ends the child's own children too, and one that ignores the polite signal", async () => {
    const stubborn =
      "process.on('SIGTERM', () => {}); console.log('inner', process.pid); setInterval(() => {}, 1000)";
    const script = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}], { stdio: 'inherit' });
      setInterval(() => {}, 1000)`;
    let inner = 0;
    const child = await startChild({
      name: "a family",
      command: node,
      args: ["-e", script],
      readyLine: (line) => {
        inner = Number(/^inner (\d+)$/.exec(line)?.[1] ?? 0);
        return inner !== 0;
      },
    });
    await child.stop();
    await waitFor(() => !isAlive(inner), { what: "the inner process to end" });
    expect(isAlive(child.pid)).toBe(false);
  });
});

describe("pid records", () => {
  it("end the process they name, and only once", async () => {
    const file = join(directory, "one.pid");
    const child = spawn(node, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    const pid = child.pid ?? 0;
    expect(recordProcess(file, { name: "one", pid })).toBe(true);
    expect(await endRecorded(file)).toBe("one");
    expect(isAlive(pid)).toBe(false);
    expect(await endRecorded(file)).toBeUndefined();
  });

  it("leave a process alone that merely has the same id", async () => {
    const file = join(directory, "other.pid");
    const child = spawn(node, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    const pid = child.pid ?? 0;
    recordProcess(file, { name: "other", pid });
    const record = JSON.parse(readFileSync(file, "utf8")) as { startMark: string };
    writeFileSync(file, JSON.stringify({ ...record, startMark: "an earlier life" }));
    expect(readLiveRecord(file)).toBeUndefined();
    expect(await endRecorded(file)).toBeUndefined();
    expect(isAlive(pid)).toBe(true);
    child.kill("SIGKILL");
  });
});

describe("choosePort", () => {
  it("gives the preferred port where it is free and another where it is not", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const taken = (server.address() as AddressInfo).port;
    const other = await choosePort(taken);
    expect(other).not.toBe(taken);
    await new Promise((resolve) => server.close(resolve));
    expect(await choosePort(taken)).toBe(taken);
  });
});

describe("waitFor", () => {
  it("says what it waited for, and what was known, when the deadline has passed", async () => {
    const waiting = waitFor(() => false, { what: "rain", timeoutMs: 20, explain: () => "the sky is blue" });
    await expect(waiting).rejects.toThrow(/waited 20 ms for rain\nthe sky is blue/);
  });
});
