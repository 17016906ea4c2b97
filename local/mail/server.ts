/** The mail page: a list of what the Worker sent, as HTML and as JSON; the ops identity's key set is served beside it. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { createKeySetApp } from "../access/key-set-app.ts";
import type { Look } from "./captured-mail.ts";
import { MailCapture } from "./captured-mail.ts";
import { Mailbox, MAX_MESSAGES } from "./mailbox.ts";
import { framedHtml, listPage, messagePage, notFoundPage } from "./pages.ts";
import { watchSessions } from "./session-watch.ts";

const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'";
/** Also where the message is opened outside its frame: no scripts, no forms, no origin; pictures and its own style only. */
const MESSAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data: http: https:; " +
  "sandbox allow-popups allow-popups-to-escape-sandbox";

export interface MailServerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** `<project>/.wrangler/tmp/email` of the Worker. */
  readonly sessionsDirectory: string;
  /** The temporary folder the Worker runs with. */
  readonly temporaryDirectory: string;
  /** Where messages are kept (in `mail/`) and the ops identity has its key. */
  readonly stateDirectory: string;
}

export interface RunningMailServer {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the page on 127.0.0.1. Rejects where the port is in use. */
export async function startMailServer(options: MailServerOptions): Promise<RunningMailServer> {
  const capture = new MailCapture(options);
  const mailbox = new Mailbox(`${options.stateDirectory}/mail`);
  let sessions: Look["sessions"] = { found: 0, readable: 0 };
  let looking: Promise<void> | undefined;

  const lookOnce = async (): Promise<void> => {
    const look = await capture.look();
    mailbox.add(look.messages);
    sessions = look.sessions;
  };
  /** One look at a time; whoever asks during one gets the next, so that what was sent before the question is in the answer. */
  const collect = async (): Promise<void> => {
    await looking?.catch(() => undefined);
    looking ??= lookOnce().finally(() => {
      looking = undefined;
    });
    await looking;
  };

  const app = createMailApp({ mailbox, collect, noteAbout: () => noteAbout(sessions) });
  app.route("/", createKeySetApp(options.stateDirectory));

  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      mailbox.close();
      reject(error);
    });
    server.listen(options.port, "127.0.0.1", resolve);
  });

  let lastProblem = "";
  // Messages vanish with the Worker's session, so they are collected also while nobody asks.
  const watching = watchSessions(options.sessionsDirectory, () => {
    collect().catch((error: unknown) => {
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== lastProblem) console.error("mail page: cannot read sent e-mails:", problem);
      lastProblem = problem;
    });
  });

  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${String(port)}`,
    close: async () => {
      watching.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await looking?.catch(() => undefined);
      mailbox.close();
    },
  };
}

interface MailAppParts {
  readonly mailbox: Mailbox;
  readonly collect: () => Promise<void>;
  readonly noteAbout: () => string | undefined;
}

function createMailApp({ mailbox, collect, noteAbout }: MailAppParts): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    c.header("content-security-policy", PAGE_POLICY);
    c.header("x-content-type-options", "nosniff");
    c.header("referrer-policy", "no-referrer");
    await next();
  });

  app.get("/", async (c) => {
    await collect();
    return c.html(listPage(mailbox.list(), noteAbout()));
  });
  app.get("/messages/:id", (c) => {
    const message = mailbox.find(c.req.param("id"));
    return message === undefined ? c.html(notFoundPage(), 404) : c.html(messagePage(message));
  });
  app.get("/messages/:id/html", (c) => {
    const markup = mailbox.find(c.req.param("id"))?.html;
    if (markup === undefined || markup === null) return c.html(notFoundPage(), 404);
    c.header("content-security-policy", MESSAGE_POLICY);
    return c.html(framedHtml(markup));
  });
  app.get("/api/messages", async (c) => {
    await collect();
    const to = c.req.query("to");
    const limit = Number(c.req.query("limit") ?? MAX_MESSAGES);
    if (!Number.isInteger(limit) || limit < 1)
      return c.json({ error: "limit is a positive whole number" }, 400);
    const note = noteAbout();
    return c.json({
      messages: mailbox.list({ ...(to === undefined ? {} : { to }), limit }),
      ...(note === undefined ? {} : { note }),
    });
  });
  app.get("/api/messages/:id", async (c) => {
    await collect();
    const message = mailbox.find(c.req.param("id"));
    return message === undefined ? c.json({ error: "no such message" }, 404) : c.json(message);
  });
  app.onError((error, c) => {
    console.error("mail page:", error);
    return c.text("The sent e-mails cannot be read; the log of the mail page says why.", 500);
  });
  return app;
}

function noteAbout({ found, readable }: Look["sessions"]): string | undefined {
  return found > 0 && readable === 0
    ? "A Worker has sent e-mail, but with another temporary folder (TMPDIR) than the one this page reads."
    : undefined;
}
