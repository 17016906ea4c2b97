/** The built service worker: new exactly when what it keeps is new, and on every page. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { buildServiceWorker } from "./service-worker.ts";

const MANIFEST = {
  "store.css": "/assets/store-A.css",
  "offline.js": "/assets/offline-A.js",
  "cart.js": "/assets/cart-A.js",
};

async function built(manifest: Readonly<Record<string, string>>, retired = false): Promise<string> {
  return new TextDecoder().decode(await buildServiceWorker({ manifest, minify: true, retired }));
}

describe("the service worker", () => {
  it("is another one when a file it keeps is another one, and the same when only others changed", async () => {
    const first = await built(MANIFEST);
    expect(await built({ ...MANIFEST, "cart.js": "/assets/cart-B.js" })).toBe(first);
    const other = await built({ ...MANIFEST, "store.css": "/assets/store-B.css" });
    const version = (code: string) => /"([0-9a-f]{12})"/.exec(code)?.[1];
    expect(version(first)).toBeDefined();
    expect(version(other)).not.toBe(version(first));
  });

  it("knows of no page but the offline one", async () => {
    const paths = [...(await built(MANIFEST)).matchAll(/"(\/[\w./-]*)"/g)].map(([, path]) => path);
    expect([...new Set(paths)].sort()).toEqual([
      "/api/",
      "/assets/offline-A.js",
      "/assets/store-A.css",
      "/favicon.svg",
      "/offline",
    ]);
  });

  it("answers nothing and unregisters once it is retired", async () => {
    const code = await built(MANIFEST, true);
    expect(code).toContain("unregister");
    expect(code).not.toContain("respondWith");
  });

  it("is not built without the files that it keeps", async () => {
    await expect(built({ "store.css": "/assets/store-A.css" })).rejects.toThrow('"offline.js"');
  });
});

describe("the code of every kind of page", () => {
  const entries = new URL("../../web/islands/entries/", import.meta.url);
  /** Loaded by other code, or without a network. */
  const apart = ["offline.ts", "search-box.ts", "vitals.ts"];

  it.each(readdirSync(entries).filter((name) => !apart.includes(name)))(
    "%s does what follows a load",
    (name) => {
      expect(readFileSync(new URL(name, entries), "utf8")).toMatch(/^afterLoad\(\);$/m);
    },
  );
});
