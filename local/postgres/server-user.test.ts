import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { canReach, makeReachable, openToAll } from "./server-user.ts";

const OTHER_USER = { uid: 65_534, gid: 65_534 };

let root = "";
let umask = 0;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "holdfast-reach-"));
  chmodSync(root, 0o755);
  umask = process.umask(0o077);
});
afterEach(() => {
  process.umask(umask);
  rmSync(root, { recursive: true, force: true });
});

describe("with a umask that keeps everything to its owner", () => {
  it("what the server's user needs can be reached all the same", () => {
    const directory = join(root, "shared");
    mkdirSync(directory);
    expect(canReach(directory, OTHER_USER)).toBe(false);
    makeReachable(directory);
    makeReachable(join(directory, "inner"));
    expect(canReach(join(directory, "inner"), OTHER_USER)).toBe(true);
  });

  it("copied programs can be read and run by everybody, and nothing else can be run", () => {
    const programs = join(root, "programs");
    mkdirSync(join(programs, "bin"), { recursive: true });
    writeFileSync(join(programs, "bin", "postgres"), "", { mode: 0o700 });
    writeFileSync(join(programs, "data"), "", { mode: 0o600 });
    symlinkSync("gone", join(programs, "link"));
    openToAll(programs);
    expect(canReach(join(programs, "bin"), OTHER_USER)).toBe(true);
    expect(statSync(join(programs, "bin", "postgres")).mode & 0o777).toBe(0o755);
    expect(statSync(join(programs, "data")).mode & 0o777).toBe(0o644);
  });
});
