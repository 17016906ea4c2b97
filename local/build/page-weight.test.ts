import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { weighPage } from "./page-weight.ts";

describe("a page's weight", () => {
  let served: string;
  beforeEach(async () => {
    served = await mkdtemp(join(tmpdir(), "served-"));
    await mkdir(join(served, "assets"));
  });
  afterEach(async () => {
    await rm(served, { recursive: true, force: true });
  });

  const file = async (name: string, content: string): Promise<number> => {
    await writeFile(join(served, "assets", name), content);
    return gzipSync(content).byteLength;
  };

  it("counts the page, its style sheets and its scripts, compressed", async () => {
    const css = await file("store.css", "body { color: red }".repeat(50));
    const js = await file("store.js", 'console.log("store");');
    const html = `<link rel="stylesheet" href="/assets/store.css"><script type="module" src="/assets/store.js"></script>`;
    expect(await weighPage(html, served)).toEqual({ html: gzipSync(html).byteLength, css, js });
  });

  it("counts what scripts import, at once or later, by either kind of path", async () => {
    const sizes = [
      await file("page.js", 'import "./shared.js"; import("/assets/later.js");'),
      await file("shared.js", 'console.log("shared");'),
      await file("later.js", 'console.log("later");'),
    ];
    await file("unrelated.js", 'console.log("unrelated");');
    const { js } = await weighPage(`<script type="module" src="/assets/page.js"></script>`, served);
    expect(js).toBe(sizes.reduce((sum, size) => sum + size));
  });

  it("counts a script that the page only names for later, and each file once", async () => {
    const size = (await file("a.js", "1;")) + (await file("b.js", "2;"));
    const html = `<script src="/assets/a.js"></script><link rel="modulepreload" href="/assets/a.js"><form data-script="/assets/b.js">`;
    expect((await weighPage(html, served)).js).toBe(size);
  });

  it("refuses a page that names a file which is not there", async () => {
    await expect(weighPage(`<link rel="stylesheet" href="/assets/gone.css">`, served)).rejects.toThrow(
      "ENOENT",
    );
    await expect(weighPage(`<script src="/assets/gone.js"></script>`, served)).rejects.toThrow("gone.js");
  });
});
