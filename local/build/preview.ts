/**
 * Every page with sample data: served for a look in a browser, or photographed on phone and desktop, light and dark.
 *
 * `node local/build/preview.ts --port 4000` serves; `--screenshots DIR [--only home,cart]` takes pictures and ends.
 */
import { mkdir, readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildAssets } from "./assets.ts";
import { previewAnswer } from "./preview-api.ts";
import { renderSamples } from "./render-samples.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const WIDTHS = [390, 1280];
const SCHEMES = ["light", "dark"] as const;
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".avif": "image/avif",
  ".webp": "image/webp",
  ".json": "application/json",
};

async function answer(
  pages: ReadonlyMap<string, string>,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const url = new URL(request.url ?? "/", "http://preview");
  const page = pages.get(url.pathname.slice(1));
  if (page !== undefined || url.pathname === "/") {
    const list = [...pages.keys()].map((name) => `<li><a href="/${name}">${name}</a></li>`).join("");
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page ?? `<ul>${list}</ul>`);
    return;
  }
  const fromApi = previewAnswer(url);
  if (fromApi !== null) {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(fromApi));
    return;
  }
  const file = join(PROJECT, "dist/assets", normalize(`/${decodeURIComponent(url.pathname)}`));
  const content = await readFile(file).catch(() => null);
  if (content === null) response.writeHead(404).end();
  else
    response
      .writeHead(200, { "content-type": CONTENT_TYPES[extname(file)] ?? "application/octet-stream" })
      .end(content);
}

async function photograph(origin: string, names: readonly string[], directory: string): Promise<void> {
  const [{ chromium }, { default: packaged }] = await Promise.all([
    import("playwright-core"),
    import("@sparticuz/chromium"),
  ]);
  await mkdir(directory, { recursive: true });
  const browser = await chromium.launch({
    executablePath: await packaged.executablePath(),
    // Not the arguments that come with the package: they run everything in one process, which ends with the first context.
    args: ["--no-sandbox"],
  });
  try {
    for (const width of WIDTHS) {
      for (const colorScheme of SCHEMES) {
        const context = await browser.newContext({
          viewport: { width, height: width < 600 ? 844 : 860 },
          colorScheme,
        });
        const page = await context.newPage();
        page.on("console", (message) => {
          if (message.type() === "error") console.log(`${page.url()}: ${message.text()}`);
        });
        page.on("pageerror", (error) => {
          console.log(`${page.url()}: ${error.message}`);
        });
        for (const name of names) {
          await page.goto(`${origin}/${name}`, { waitUntil: "load" });
          const overflow = await page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth",
          );
          if (overflow !== 0)
            console.log(`${name} at ${width}: ${String(overflow)} px wider than the window`);
          await page.screenshot({
            path: join(directory, `${name}-${width}-${colorScheme}.png`),
            fullPage: true,
          });
        }
        await context.close();
      }
    }
  } finally {
    await browser.close();
  }
}

const { values: options } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    screenshots: { type: "string" },
    only: { type: "string" },
  },
});
await buildAssets();
const pages = await renderSamples();
const server = createServer((request, response) => {
  answer(pages, request, response).catch((error: unknown) => {
    console.error(error);
    response.writeHead(500).end();
  });
});
await new Promise<void>((resolve) => server.listen(Number(options.port), "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
if (options.screenshots === undefined) console.log(`preview: ${origin}`);
else {
  const chosen = options.only?.split(",") ?? [...pages.keys()];
  await photograph(origin, chosen, options.screenshots);
  server.close();
}
