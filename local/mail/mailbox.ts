/** The messages the mail page shows: kept across restarts of the Worker and of this page, newest first, bounded. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { CapturedMessage } from "./captured-mail.ts";

/** Older ones go. */
export const MAX_MESSAGES = 500;

export type MessageSummary = Omit<CapturedMessage, "text" | "html" | "headers">;

export class Mailbox {
  readonly #database: DatabaseSync;

  /** Opens or makes the mailbox in a folder. */
  constructor(directory: string) {
    mkdirSync(directory, { recursive: true });
    this.#database = new DatabaseSync(join(directory, "mailbox.sqlite"));
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY, sent_at TEXT NOT NULL, data TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS messages_by_time ON messages (sent_at DESC);
    `);
  }

  /** Keeps messages; one that is known already changes nothing. */
  add(messages: readonly CapturedMessage[]): void {
    if (messages.length === 0) return;
    const insert = this.#database.prepare(
      "INSERT OR IGNORE INTO messages (id, sent_at, data) VALUES (?, ?, ?)",
    );
    for (const message of messages) insert.run(message.id, message.sentAt, JSON.stringify(message));
    this.#database
      .prepare(
        "DELETE FROM messages WHERE id NOT IN (SELECT id FROM messages ORDER BY sent_at DESC, rowid DESC LIMIT ?)",
      )
      .run(MAX_MESSAGES);
  }

  /** The newest messages, without their bodies; with `to`, only those to that address. */
  list(options: { readonly to?: string; readonly limit?: number } = {}): MessageSummary[] {
    const rows = this.#database
      .prepare("SELECT data FROM messages ORDER BY sent_at DESC, rowid DESC LIMIT ?")
      .all(MAX_MESSAGES) as unknown as { data: string }[];
    const wanted = options.to?.toLowerCase();
    return rows
      .map(({ data }) => JSON.parse(data) as CapturedMessage)
      .filter(({ to }) => wanted === undefined || to.some((address) => addressOf(address) === wanted))
      .slice(0, options.limit ?? MAX_MESSAGES)
      .map(({ id, worker, from, to, replyTo, subject, sentAt }) => ({
        id,
        worker,
        from,
        to,
        replyTo,
        subject,
        sentAt,
      }));
  }

  find(id: string): CapturedMessage | undefined {
    const row = this.#database.prepare("SELECT data FROM messages WHERE id = ?").get(id) as
      { data: string } | undefined;
    return row === undefined ? undefined : (JSON.parse(row.data) as CapturedMessage);
  }

  close(): void {
    this.#database.close();
  }
}

/** The bare address of `"Ada" <ada@example.com>`, in lower case. */
function addressOf(recipient: string): string {
  return (/<([^>]*)>\s*$/.exec(recipient)?.[1] ?? recipient).trim().toLowerCase();
}
