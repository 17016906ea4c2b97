/**
 * A stand-in for Cloudflare Turnstile: the script that pages load, the frame it opens, and siteverify behind it; at the same paths
 * as challenges.cloudflare.com. Below `/_standin` tests say what widgets do, make tokens and take siteverify away.
 */
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import type { Context } from "hono";
import * as z from "zod";
import { TEST_SITE_KEYS, type WidgetBehaviour } from "./keys.ts";
import { framePage } from "./frame-page.ts";
import { TokenBook, type SiteverifyRequest } from "./siteverify.ts";

/** Answers of a siteverify that is away come this late where it is "slow": later than anybody waits. */
const SLOW_MS = 10_000;

export interface TurnstileStandInOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly siteKey: string;
  readonly secretKey: string;
  /** Epoch ms. */
  readonly clock?: () => number;
}

export interface RunningTurnstile {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** What tests change; `reset` puts it back. */
interface Mood {
  /** Of the local store's widgets; those of Cloudflare's test keys do what their key says. */
  widget: WidgetBehaviour;
  siteverify: "up" | "failing" | "slow";
}

const NewMood = z.strictObject({
  widget: z.enum(["pass", "block", "interactive"]).optional(),
  siteverify: z.enum(["up", "failing", "slow"]).optional(),
});

const NewToken = z.strictObject({
  hostname: z.string(),
  action: z.string().nullable(),
  /** How long ago the challenge was passed. */
  ageSeconds: z.number().default(0),
});

const Widget = z.strictObject({
  siteKey: z.string(),
  hostname: z.string(),
  action: z.string().nullable(),
  cData: z.string().nullable(),
  /** The shopper has pressed the box. */
  pressed: z.boolean(),
});

/** Serves it on 127.0.0.1. Rejects where the port is in use. */
export async function startTurnstile(options: TurnstileStandInOptions): Promise<RunningTurnstile> {
  const server = createAdaptorServer({ fetch: createApp(options).fetch }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${String(port)}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function createApp({ siteKey, secretKey, clock = Date.now }: TurnstileStandInOptions): Hono {
  const tokens = new TokenBook(siteKey, secretKey);
  const mood: Mood = { widget: "pass", siteverify: "up" };
  const behaviourOf = (key: string): WidgetBehaviour | undefined =>
    key === siteKey ? mood.widget : TEST_SITE_KEYS.get(key);
  const app = new Hono();

  const apiJs = script("api.js");
  const frameJs = script("frame.js");
  app.get("/turnstile/v0/api.js", (c) => javaScript(c, apiJs));
  app.get("/turnstile/v0/frame.js", (c) => javaScript(c, frameJs));
  app.get("/turnstile/v0/frame", (c) => c.html(framePage()));

  app.post("/turnstile/v0/challenge", async (c) => {
    const { pressed, siteKey: key, ...widget } = Widget.parse(await c.req.json());
    const behaviour = behaviourOf(key);
    // As Turnstile names them: 110200 is a key that is not for here, the 600 family a challenge that failed.
    if (behaviour === undefined) return c.json({ error: "110200" });
    if (behaviour === "block") return c.json({ error: "600010" });
    if (behaviour === "interactive" && !pressed) return c.json({ interactive: true });
    return c.json({ token: tokens.issue({ ...widget, siteKey: key, passedAt: clock() }) });
  });

  app.post("/turnstile/v0/siteverify", async (c) => {
    if (mood.siteverify === "failing") return c.text("bad gateway", 502);
    if (mood.siteverify === "slow") await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    const request = await readSiteverify(c);
    if (request === null) {
      return c.json({ success: false, "error-codes": ["bad-request"], messages: [] }, 400);
    }
    return c.json(tokens.verify(request, clock()));
  });

  app.post("/_standin/mood", async (c) => {
    Object.assign(mood, NewMood.parse(await c.req.json()));
    return c.json(mood);
  });
  app.post("/_standin/reset", (c) => {
    Object.assign(mood, { widget: "pass", siteverify: "up" });
    return c.json(mood);
  });
  app.post("/_standin/tokens", async (c) => {
    const { ageSeconds, hostname, action } = NewToken.parse(await c.req.json());
    const passedAt = clock() - ageSeconds * 1000;
    return c.json({ token: tokens.issue({ siteKey, hostname, action, cData: null, passedAt }) });
  });

  app.onError((error, c) =>
    error instanceof z.ZodError || error instanceof SyntaxError
      ? c.json({ error: error.message }, 400)
      : c.json({ error: "The Turnstile stand-in failed." }, 500),
  );
  return app;
}

/** Siteverify takes a form or JSON. */
async function readSiteverify(c: Context): Promise<SiteverifyRequest | null> {
  const type = c.req.header("content-type") ?? "";
  let fields: Record<string, unknown>;
  if (type.includes("json")) fields = await c.req.json<Record<string, unknown>>();
  else if (type.includes("form")) fields = await c.req.parseBody();
  else return null;
  const text = (name: string): string => {
    const value = fields[name];
    return typeof value === "string" ? value : "";
  };
  return {
    secret: text("secret"),
    response: text("response"),
    idempotencyKey: text("idempotency_key") === "" ? null : text("idempotency_key"),
  };
}

function script(name: string): string {
  return readFileSync(new URL(`./browser/${name}`, import.meta.url), "utf8");
}

function javaScript(c: Context, source: string): Response {
  return c.body(source, 200, {
    "content-type": "text/javascript; charset=utf-8",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "cache-control": "public, max-age=60",
  });
}
