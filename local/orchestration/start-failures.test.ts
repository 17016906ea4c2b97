import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCommand, type RunningCommand } from "../../tests/harness/command.ts";
import { choosePort } from "../process/free-port.ts";
import { allSettled, eachInTurn } from "./in-turn.ts";
import { endLeftOvers } from "./left-overs.ts";
import { describeStartFailure } from "./state-files.ts";

const TIMEOUT_MS = 120_000;

let stateDirectory = "";
let running: RunningCommand | undefined;
beforeEach(() => {
  stateDirectory = mkdtempSync(join(tmpdir(), "holdfast-start-"));
});
afterEach(async () => {
  await running?.kill();
  running = undefined;
  // What a start forgot, so that a failure of this test leaves nothing behind.
  await endLeftOvers(stateDirectory);
  rmSync(stateDirectory, { recursive: true, force: true });
});

async function startPlatform(): Promise<RunningCommand> {
  const environment = { PORT: String(await choosePort()), STATE_DIR: stateDirectory };
  running = runCommand(process.execPath, ["local/platform.ts"], environment);
  return running;
}

/** Records of parts that were started and not stopped. */
const recordsLeft = (): string[] => readdirSync(join(stateDirectory, "pids"));

describe("a start that fails", () => {
  it(
    "says in one sentence what is in the way, before it starts anything",
    { timeout: TIMEOUT_MS },
    async () => {
      writeFileSync(join(stateDirectory, "postgres"), "");
      const platform = await startPlatform();
      expect(await platform.ended()).toBe(1);
      expect(platform.output()).toBe(
        `${join(stateDirectory, "postgres")} is not a directory: remove it, and start again.`,
      );
      expect(recordsLeft()).toEqual([]);
    },
  );

  it("names the part whose state is gone, and --fresh", { timeout: TIMEOUT_MS }, async () => {
    mkdirSync(join(stateDirectory, "worker", "v3", "do", "holdfast-SkuInventory"), { recursive: true });
    const platform = await startPlatform();
    expect(await platform.ended()).toBe(1);
    expect(platform.output()).toMatch(/worker belongs to another store than the rest: .*--fresh/);
    expect(recordsLeft()).toEqual([]);
  });

  it("waits for the parts that are still starting and stops them all", { timeout: TIMEOUT_MS }, async () => {
    // Postgres fails at once, while the others are on their way.
    mkdirSync(join(stateDirectory, "postgres", "password"), { recursive: true });
    const platform = await startPlatform();
    expect(await platform.ended()).toBe(1);
    const complaints = platform
      .output()
      .split("\n")
      .filter((line) => !line.startsWith("ready"));
    expect(complaints).toEqual([expect.stringMatching(/^postgres cannot start: EISDIR/)]);
    expect(recordsLeft()).toEqual([]);
  });

  it("ends on Ctrl-C while parts are still starting", { timeout: TIMEOUT_MS }, async () => {
    const platform = await startPlatform();
    await platform.saw(/^ready/);
    await platform.ctrlC(2);
    expect(await platform.ended()).toBe(0);
    expect(recordsLeft()).toEqual([]);
  });
});

describe("the sentence for a system error", () => {
  it("names what belongs to another user, and how to take it over", () => {
    const error = Object.assign(new Error("EACCES: permission denied, mkdir"), {
      code: "EACCES",
      path: join(stateDirectory, "not", "there"),
    });
    expect(describeStartFailure(error)).toBe(
      `${stateDirectory} cannot be read and written by this user: change its mode, or remove it.`,
    );
  });
});

describe("stopping", () => {
  it("stops the others where one of them fails to", async () => {
    const done: string[] = [];
    const step =
      (name: string, fails = false) =>
      async () => {
        await Promise.resolve();
        if (fails) throw new Error(`${name} lingers`);
        done.push(name);
      };
    await expect(eachInTurn([step("a"), step("b", true), step("c")])).rejects.toThrow("b lingers");
    await expect(allSettled([step("d", true)(), step("e")()])).rejects.toThrow("d lingers");
    expect(done).toEqual(["a", "c", "e"]);
  });
});
