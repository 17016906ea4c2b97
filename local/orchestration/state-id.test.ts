import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { platformSettings } from "./settings.ts";
import { joinStates } from "./state-id.ts";

/** What each part has once a store has sold something. */
const DATA = {
  objects: "worker/v3/do/holdfast-SkuInventory/metadata.sqlite",
  postgres: "postgres/data/PG_VERSION",
  stripe: "stripe/journal.jsonl",
  redis: "redis/appendonlydir/appendonly.aof.manifest",
};
type Part = keyof typeof DATA;

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "holdfast-state-id-"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const start = (stateId = "one") => joinStates(platformSettings({ STATE_DIR: root }), stateId);
const keep = (part: Part) => {
  const file = join(root, DATA[part]);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
};
const remove = (path: string) => rmSync(join(root, path), { recursive: true, force: true });
function sellSomething(): void {
  start();
  for (const part of ["objects", "postgres", "stripe", "redis"] as const) keep(part);
}

describe("states that belong together", () => {
  it("are a new store's, and the same store's at each later start", () => {
    start();
    expect(start).not.toThrow();
    sellSomething();
    expect(start).not.toThrow();
  });

  it("are there before the Worker has run, and after a start that was killed early", () => {
    start();
    keep("postgres");
    expect(start).not.toThrow();
  });

  it("may lack Redis, which is a cache", () => {
    sellSomething();
    remove("redis");
    expect(start).not.toThrow();
    keep("redis");
    expect(start).not.toThrow();
  });

  it("may follow a Worker that was served without a platform, and so without a catalog", () => {
    mkdirSync(join(root, "worker/v3/do/holdfast-Cart"), { recursive: true });
    expect(start).not.toThrow();
  });
});

describe("states that do not belong together", () => {
  it.each(["worker", "postgres", "stripe"])(
    "are named where %s alone was removed, with the way out",
    (path) => {
      sellSomething();
      remove(path);
      expect(start).toThrow(`${join(root, path)} is gone, and the rest of the store is there`);
      expect(start).toThrow("npm run dev -- --fresh");
    },
  );

  it("are named where the objects alone are left: all else was removed, the id with it", () => {
    sellSomething();
    for (const path of ["postgres", "stripe", "redis"]) remove(path);
    expect(() => start("two")).toThrow(`${join(root, "worker")} belongs to another store`);
    remove("worker/state-id");
    expect(() => start("two")).toThrow(`${join(root, "worker")} belongs to another store`);
  });

  it("are named where one part comes from another store", () => {
    sellSomething();
    writeFileSync(join(root, "redis", "state-id"), "two\n");
    expect(start).toThrow(`${join(root, "redis")} belongs to another store`);
  });

  it("are named where Postgres lost its data and kept its mark", () => {
    sellSomething();
    remove("postgres/data");
    expect(start).toThrow(`${join(root, "postgres")} is gone`);
  });

  it("stay as they are until it is decided: a refused start marks nothing", () => {
    sellSomething();
    remove("worker");
    expect(start).toThrow("is gone");
    expect(start).toThrow("is gone");
    remove("postgres");
    remove("stripe");
    remove("redis");
    expect(start).not.toThrow();
  });
});
