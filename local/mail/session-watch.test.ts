import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchSessions, type SessionWatch } from "./session-watch.ts";

let root = "";
let sessions = "";
let looks = 0;
let watching: SessionWatch | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "holdfast-sessions-"));
  sessions = join(root, "tmp", "email");
  looks = 0;
});
afterEach(() => {
  watching?.close();
  vi.useRealTimers();
  rmSync(root, { recursive: true, force: true });
});

function startWatch(): void {
  watching = watchSessions(sessions, () => {
    looks += 1;
  });
}
/** Waits until a look follows what was just done. */
async function expectALook(after: () => void): Promise<void> {
  const before = looks;
  after();
  await expect.poll(() => looks).toBeGreaterThan(before);
}

describe("the sessions of Workers", () => {
  it("are looked at when one begins, when it gets a folder, and with each message", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    startWatch();
    await expect.poll(() => looks).toBeGreaterThanOrEqual(3);
    const session = join(sessions, "miniflare-1");
    await expectALook(() => mkdirSync(session));
    await expectALook(() => mkdirSync(join(session, "email-text")));
    await expectALook(() => writeFileSync(join(session, "email-text", "1.txt"), "Hello"));
    await expectALook(() => rmSync(session, { recursive: true }));
  });

  it("are left alone while nothing happens, but for a look twice a minute", () => {
    vi.useFakeTimers();
    startWatch();
    vi.advanceTimersByTime(10_000);
    expect(existsSync(sessions)).toBe(true);
    expect(looks).toBe(3);
    vi.advanceTimersByTime(60_000);
    expect(looks).toBe(5);
    watching?.close();
    vi.advanceTimersByTime(60_000);
    expect(looks).toBe(5);
  });
});
