/** The mail page beside a real Worker that sends through its binding. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CapturedMessage } from "./captured-mail.ts";
import { Mailbox, MAX_MESSAGES } from "./mailbox.ts";
import type { MessageSummary } from "./mailbox.ts";
import { startMailServer } from "./server.ts";
import type { RunningMailServer } from "./server.ts";

const WORKER = `
  import { EmailMessage } from "cloudflare:email";
  export default {
    async fetch(request, env) {
      const message = await request.json();
      if (message.raw === undefined) return Response.json(await env.EMAIL.send(message));
      return Response.json(await env.EMAIL.send(new EmailMessage(message.from, message.to, message.raw)));
    },
  };
`;

const CONFIRMATION = {
  from: { name: "Holdfast", email: "orders@holdfast.example" },
  to: "ada@example.com",
  subject: "Order <b>confirmed</b> – ✓",
  text: "Thank you, Ada",
  html: "<html><head><title>x</title></head><body><script>alert(1)</script><p>Thank you</p></body></html>",
};

let root: string;
let worker: Miniflare;
let server: RunningMailServer;

const startServer = (): Promise<RunningMailServer> =>
  startMailServer({
    port: 0,
    sessionsDirectory: join(root, "wrangler-tmp", "email"),
    temporaryDirectory: tmpdir(),
    stateDirectory: join(root, "state"),
  });

function startWorker(): Miniflare {
  return new Miniflare(
    convertV4MiniflareOptions({
      name: "mailer",
      modules: true,
      script: WORKER,
      compatibilityDate: "2026-11-01",
      email: { send_email: [{ name: "EMAIL" }] },
      resourceTmpPath: join(root, "wrangler-tmp"),
    }),
  );
}

async function send(message: unknown): Promise<string> {
  const response = await worker.dispatchFetch("http://worker/", {
    method: "POST",
    body: JSON.stringify(message),
  });
  const { messageId } = (await response.json()) as { messageId: string };
  return messageId.replace(/^<|>$/g, "");
}

async function messages(query = ""): Promise<MessageSummary[]> {
  const response = await fetch(`${server.url}/api/messages${query}`);
  return ((await response.json()) as { messages: MessageSummary[] }).messages;
}

describe("beside a Worker", () => {
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "holdfast-mail-"));
    worker = startWorker();
  });
  afterAll(async () => {
    await worker.dispose();
    rmSync(root, { recursive: true, force: true });
  });
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  it("shows a message sent in the structured form, with both its parts", async () => {
    const id = await send(CONFIRMATION);
    // The session's folder appears a moment after send has answered.
    await expect.poll(async () => (await messages()).map((message) => message.id)).toContain(id);
    const response = await fetch(`${server.url}/api/messages/${encodeURIComponent(id)}`);
    expect(await response.json()).toMatchObject({
      from: '"Holdfast" <orders@holdfast.example>',
      to: ["ada@example.com"],
      subject: CONFIRMATION.subject,
      text: CONFIRMATION.text,
      html: CONFIRMATION.html,
      worker: "mailer",
    });
  });

  it("shows a message sent as raw MIME", async () => {
    const raw = [
      "From: orders@holdfast.example",
      "To: bob@example.com",
      "Message-ID: <1@x>",
      "Subject: Raw",
      "",
      "Hello Bob",
    ];
    const id = await send({ from: "orders@holdfast.example", to: "bob@example.com", raw: raw.join("\r\n") });
    await expect
      .poll(async () => (await messages("?to=BOB@example.com")).map((message) => message.id))
      .toEqual([id]);
  });

  it("lists the newest first, as JSON and as a page that escapes what it shows", async () => {
    await send({ ...CONFIRMATION, to: "order@example.com", subject: "first" });
    await send({ ...CONFIRMATION, to: "order@example.com", subject: "second <script>" });
    await expect
      .poll(async () => (await messages("?to=order@example.com")).map(({ subject }) => subject))
      .toEqual(["second <script>", "first"]);
    expect(await messages("?to=order@example.com&limit=1")).toHaveLength(1);
    const page = await (await fetch(server.url)).text();
    expect(page).toContain("second &lt;script&gt;");
    expect(page).not.toContain("second <script>");
  });

  it("frames a message so that nothing of it can run", async () => {
    const id = await send({ ...CONFIRMATION, to: "frame@example.com" });
    await expect.poll(() => messages("?to=frame@example.com")).toHaveLength(1);
    const page = await fetch(`${server.url}/messages/${encodeURIComponent(id)}`);
    expect(await page.text()).toMatch(/<iframe[^>]*sandbox="allow-popups allow-popups-to-escape-sandbox"/);
    const framed = await fetch(`${server.url}/messages/${encodeURIComponent(id)}/html`);
    expect(framed.headers.get("content-security-policy")).toMatch(/default-src 'none'.*sandbox/);
    expect(await framed.text()).toContain('<head><base target="_blank">');
  });

  it("keeps messages when the Worker's session ends and when it starts again itself", async () => {
    const id = await send({ ...CONFIRMATION, to: "kept@example.com" });
    await expect.poll(() => messages("?to=kept@example.com")).toHaveLength(1);
    await worker.dispose();
    worker = startWorker();
    await server.close();
    server = await startServer();
    expect((await messages("?to=kept@example.com")).map((message) => message.id)).toEqual([id]);
    await send({ ...CONFIRMATION, to: "kept@example.com" });
    await expect.poll(() => messages("?to=kept@example.com")).toHaveLength(2);
  });

  it("keeps a message that nobody asks for, in case the session ends before somebody does", async () => {
    const id = await send({ ...CONFIRMATION, to: "unasked@example.com" });
    const kept = new Mailbox(join(root, "state", "mail"));
    await expect.poll(() => kept.find(id)?.subject).toBe(CONFIRMATION.subject);
    kept.close();
  });

  it("serves the ops identity's keys and answers 404 to what it does not know", async () => {
    const keys = await fetch(`${server.url}/cdn-cgi/access/certs`);
    expect(await keys.json()).toMatchObject({ keys: [{ kty: "RSA", alg: "RS256" }] });
    expect((await fetch(`${server.url}/api/messages/none@x`)).status).toBe(404);
    expect((await fetch(`${server.url}/messages/none@x`)).status).toBe(404);
    expect((await fetch(`${server.url}/api/messages?limit=zero`)).status).toBe(400);
  });

  it("says so where mail was sent with another temporary folder", async () => {
    await send(CONFIRMATION);
    const elsewhere = await startMailServer({
      port: 0,
      sessionsDirectory: join(root, "wrangler-tmp", "email"),
      temporaryDirectory: join(root, "another-tmp"),
      stateDirectory: join(root, "another-state"),
    });
    const answer = async (): Promise<unknown> => (await fetch(`${elsewhere.url}/api/messages`)).json();
    await expect.poll(answer).toMatchObject({
      messages: [],
      note: expect.stringContaining("another temporary folder") as string,
    });
    await elsewhere.close();
  });
});

describe("the mailbox", () => {
  it("keeps a bounded number of messages, the newest, each once", () => {
    const directory = mkdtempSync(join(tmpdir(), "holdfast-mailbox-"));
    const mailbox = new Mailbox(directory);
    const message = (index: number): CapturedMessage => ({
      id: `${String(index)}@x`,
      worker: null,
      from: "a@x",
      to: ["Ada <ADA@example.com>"],
      replyTo: null,
      subject: String(index),
      sentAt: new Date(index * 1000).toISOString(),
      headers: {},
      text: "x",
      html: null,
    });
    mailbox.add(Array.from({ length: MAX_MESSAGES + 5 }, (_, index) => message(index)));
    mailbox.add([message(MAX_MESSAGES)]);
    expect(mailbox.list()).toHaveLength(MAX_MESSAGES);
    expect(mailbox.list({ limit: 1 })[0]?.subject).toBe(String(MAX_MESSAGES + 4));
    expect(mailbox.list({ to: "ada@example.com", limit: 3 })).toHaveLength(3);
    expect(mailbox.find("0@x")).toBeUndefined();
    mailbox.close();
    rmSync(directory, { recursive: true, force: true });
  });
});
