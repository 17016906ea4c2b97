/**
 * Finds the e-mails that Workers on this machine have sent through their `send_email` binding.
 *
 * Locally the binding writes text and HTML into `<project>/.wrangler/tmp/email/<session>/email-text|email-html/<id>.*`, which lack
 * sender, recipient and subject. The same session keeps whole messages in a SQLite file in the system's temporary folder,
 * `<tmp>/<session>/email-store/…`. Both go when the session ends. So the folder tells which sessions there are, and the file what
 * they sent.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as z from "zod";

/** Messages read from one session at a time; the next look goes on where this one stopped. */
const MAX_MESSAGES_PER_LOOK = 200;

const SESSION_NAME = /^miniflare-[0-9a-f]{32}$/;
const STORE_FOLDER = join("email-store", "miniflare-email-store");
const STORE_FILE = /^[0-9a-f]{64}\.sqlite$/;

const capturedSchema = z.object({
  messageId: z.string(),
  worker: z.string().optional(),
  from: z.string(),
  to: z.array(z.string()),
  cc: z.array(z.string()).optional(),
  replyTo: z.string().optional(),
  subject: z.string(),
  sentAt: z.string(),
  headers: z.record(z.string(), z.string()).optional(),
  text: z.string().optional(),
  html: z.string().optional(),
  rawBase64: z.string().optional(),
});

export interface CapturedMessage {
  /** The Message-ID without its brackets. */
  readonly id: string;
  readonly worker: string | null;
  readonly from: string;
  readonly to: readonly string[];
  readonly replyTo: string | null;
  readonly subject: string;
  /** RFC 3339, UTC. */
  readonly sentAt: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of a message sent as raw MIME this is that MIME text. */
  readonly text: string | null;
  readonly html: string | null;
}

export interface Look {
  readonly messages: readonly CapturedMessage[];
  /** Sessions that have sent something, and those of them whose messages can be read here. */
  readonly sessions: { readonly found: number; readonly readable: number };
}

/** Looks for new messages; each is answered once. */
export class MailCapture {
  readonly #sessionsDirectory: string;
  readonly #temporaryDirectory: string;
  readonly #lastSequence = new Map<string, number>();

  /** Takes `<project>/.wrangler/tmp/email` and the temporary folder (TMPDIR) of the Workers whose mail is wanted. */
  constructor(options: { readonly sessionsDirectory: string; readonly temporaryDirectory: string }) {
    this.#sessionsDirectory = options.sessionsDirectory;
    this.#temporaryDirectory = options.temporaryDirectory;
  }

  /** What was sent since the last look. A session that ends meanwhile is no error; a store of another shape is. */
  async look(): Promise<Look> {
    const sessions = (await namesIn(this.#sessionsDirectory)).filter((name) => SESSION_NAME.test(name));
    for (const known of this.#lastSequence.keys()) {
      if (!sessions.includes(known)) this.#lastSequence.delete(known);
    }
    const messages: CapturedMessage[] = [];
    let readable = 0;
    for (const session of sessions) {
      const found = await this.#lookInto(session);
      if (found === undefined) continue;
      readable += 1;
      messages.push(...found);
    }
    return { messages, sessions: { found: sessions.length, readable } };
  }

  async #lookInto(session: string): Promise<CapturedMessage[] | undefined> {
    const folder = join(this.#temporaryDirectory, session, STORE_FOLDER);
    const file = (await namesIn(folder)).find((name) => STORE_FILE.test(name));
    if (file === undefined) return undefined;
    let rows: { seq: number; data: string }[];
    try {
      rows = readRows(join(folder, file), this.#lastSequence.get(session) ?? 0);
    } catch (error) {
      if (isPassing(error)) return undefined;
      throw error;
    }
    const last = rows.at(-1);
    if (last !== undefined) this.#lastSequence.set(session, last.seq);
    return rows.map(({ data }) => toMessage(data));
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function readRows(file: string, after: number): { seq: number; data: string }[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database
      .prepare("SELECT seq, data FROM emails WHERE kind = 'sent' AND seq > ? ORDER BY seq LIMIT ?")
      .all(after, MAX_MESSAGES_PER_LOOK) as unknown as { seq: number; data: string }[];
  } finally {
    database.close();
  }
}

const SQLITE_BUSY = 5;
const SQLITE_CANTOPEN = 14;

/** The file is being made, written or removed at this moment: the next look will do. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "errcode" in error ? error.errcode : undefined;
  return code === SQLITE_BUSY || code === SQLITE_CANTOPEN || /no such table/.test(error.message);
}

function toMessage(data: string): CapturedMessage {
  const captured = capturedSchema.parse(JSON.parse(data));
  const raw =
    captured.rawBase64 === undefined ? null : Buffer.from(captured.rawBase64, "base64").toString("utf8");
  return {
    id: captured.messageId.replace(/^<|>$/g, ""),
    worker: captured.worker ?? null,
    from: captured.from,
    to: [...captured.to, ...(captured.cc ?? [])],
    replyTo: captured.replyTo ?? null,
    subject: captured.subject,
    sentAt: captured.sentAt,
    headers: captured.headers ?? {},
    text: captured.text ?? raw,
    html: captured.html ?? null,
  };
}
