import { mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildAssets } from "./assets.ts";

const BUDGET_BYTES = 20 * 1024;

describe("the asset build", () => {
  let outputDirectory: string;
  beforeEach(async () => {
    outputDirectory = await mkdtemp(join(tmpdir(), "assets-"));
  });
  afterEach(async () => {
    await rm(outputDirectory, { recursive: true, force: true });
  });

  it("serves every file its manifest names, each within the budget", async () => {
    const { manifest } = await buildAssets({ outputDirectory });
    expect(Object.keys(manifest)).toEqual(
      expect.arrayContaining(["store.css", "store.js", "product.js", "payment.js"]),
    );
    for (const path of Object.values(manifest)) {
      const content = await readFile(join(outputDirectory, "assets", path));
      expect(gzipSync(content).byteLength, path).toBeLessThan(BUDGET_BYTES);
    }
    expect(JSON.parse(await readFile(join(outputDirectory, "asset-manifest.json"), "utf8"))).toEqual(
      manifest,
    );
    expect(await readFile(join(outputDirectory, "assets/_headers"), "utf8")).toContain("immutable");
  });

  it("has the Trusted Types policy once a page: code that is loaded later brings no second one", async () => {
    const { manifest } = await buildAssets({ outputDirectory });
    const text = (name: string) => readFile(join(outputDirectory, "assets", manifest[name] ?? ""), "utf8");
    expect(await text("store.js")).toContain("createPolicy");
    for (const later of ["vitals.js", "search-box.js"])
      expect(await text(later)).not.toContain("createPolicy");
  });

  it("changes nothing when nothing changed", async () => {
    const first = await buildAssets({ outputDirectory });
    expect(first.written).toBeGreaterThan(0);
    expect((await buildAssets({ outputDirectory })).written).toBe(0);
  });

  it("runs beside itself and leaves no half-written file", async () => {
    await Promise.all([buildAssets({ outputDirectory }), buildAssets({ outputDirectory })]);
    const files = await readdir(outputDirectory, { recursive: true });
    expect(files.filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("keeps former hashed files for a day, for pages that are still open", async () => {
    await buildAssets({ outputDirectory });
    const recent = join(outputDirectory, "assets/assets/store-AAAAAAAA.css");
    const old = join(outputDirectory, "assets/assets/store-BBBBBBBB.css");
    await Promise.all([writeFile(recent, ""), writeFile(old, "")]);
    await utimes(old, 0, 0);
    await buildAssets({ outputDirectory });
    await expect(stat(recent)).resolves.toBeDefined();
    await expect(stat(old)).rejects.toThrow("ENOENT");
  });
});
