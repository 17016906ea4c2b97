/** An append-only file of lines that survives `kill -9`: the emulator's state between two runs. */
import { createReadStream } from "node:fs";
import { mkdir, open, rename } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";

const FILE_NAME = "journal.jsonl";
const NEW_LINE = 0x0a;
const DEFAULT_MIN_BYTES_BEFORE_COMPACTION = 128 * 1024 * 1024;

export type JournalOptions = {
  directory: string;
  /** Called once for each whole line found at the start, parsed, in order. */
  onRecord: (record: unknown) => void;
  /** The present state as lines; takes the place of everything written so far when the file is compacted. */
  snapshot: () => string[];
  /** Compaction happens when this many bytes, and twice the last snapshot, were appended since. */
  minBytesBeforeCompaction?: number;
};

export type Journal = {
  /**
   * Appends a line. Resolves when the operating system has it: the death of this process loses nothing from then on.
   * There is no fsync, so a power cut may lose the last lines; for a stand-in on a laptop that is a good bargain.
   */
  append: (line: string) => Promise<void>;
  /** Replaces everything by the present state. */
  compact: () => Promise<void>;
  close: () => Promise<void>;
};

/** Opens (or creates) the journal in `directory` and replays it. A torn last line is dropped; it was never acknowledged. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  await mkdir(options.directory, { recursive: true });
  const path = join(options.directory, FILE_NAME);
  await replay(path, options.onRecord);
  const writer = new JournalWriter(path, options);
  await writer.compact();
  return writer;
}

class JournalWriter implements Journal {
  readonly #path: string;
  readonly #snapshot: () => string[];
  readonly #minBytes: number;
  #file: FileHandle | null = null;
  #queue: string[] = [];
  #compactWanted = false;
  /** The write that new lines will join, while it has not begun. */
  #upcoming: Promise<void> | null = null;
  #latest: Promise<void> = Promise.resolve();
  #bytesSinceSnapshot = 0;
  #snapshotBytes = 0;

  constructor(path: string, options: JournalOptions) {
    this.#path = path;
    this.#snapshot = options.snapshot;
    this.#minBytes = options.minBytesBeforeCompaction ?? DEFAULT_MIN_BYTES_BEFORE_COMPACTION;
  }

  append(line: string): Promise<void> {
    this.#queue.push(line);
    return this.#joinUpcoming();
  }

  compact(): Promise<void> {
    this.#compactWanted = true;
    return this.#joinUpcoming();
  }

  async close(): Promise<void> {
    await this.#joinUpcoming();
    await this.#file?.close();
    this.#file = null;
  }

  /** Many requests share one write: lines that come while a write is under way leave together with the next. */
  #joinUpcoming(): Promise<void> {
    if (this.#upcoming === null) {
      this.#upcoming = this.#writeAfter(this.#latest);
      this.#latest = this.#upcoming;
    }
    return this.#upcoming;
  }

  async #writeAfter(previous: Promise<void>): Promise<void> {
    // Whoever waits for the previous write hears of its failure; this one only has to come after it.
    await previous.catch(() => undefined);
    this.#upcoming = null;
    if (this.#compactWanted) await this.#rewrite();
    else if (this.#queue.length > 0) await this.#writeQueue();
  }

  async #writeQueue(): Promise<void> {
    if (this.#file === null) throw new Error("The journal is closed.");
    const bytes = Buffer.from(`${this.#queue.join("\n")}\n`);
    this.#queue = [];
    await writeFully(this.#file, bytes);
    this.#bytesSinceSnapshot += bytes.length;
    this.#compactWanted = this.#bytesSinceSnapshot > Math.max(this.#minBytes, 2 * this.#snapshotBytes);
  }

  /** Written beside and renamed, so that there is one whole file at every moment. Queued lines are part of the snapshot. */
  async #rewrite(): Promise<void> {
    const lines = this.#snapshot();
    this.#queue = [];
    this.#compactWanted = false;
    const bytes = Buffer.from(lines.length === 0 ? "" : `${lines.join("\n")}\n`);
    const beside = `${this.#path}.new`;
    const file = await open(beside, "w");
    await writeFully(file, bytes);
    await file.sync();
    await rename(beside, this.#path);
    await this.#file?.close();
    this.#file = file;
    this.#snapshotBytes = bytes.length;
    this.#bytesSinceSnapshot = 0;
  }
}

async function writeFully(file: FileHandle, bytes: Buffer): Promise<void> {
  let offset = 0;
  while (offset < bytes.length) {
    const { bytesWritten } = await file.write(bytes, offset);
    offset += bytesWritten;
  }
}

/** What is torn at the end is passed over here, and gone once the file is compacted, right after. */
async function replay(path: string, onRecord: (record: unknown) => void): Promise<void> {
  const file = await open(path, "a+");
  await file.close();
  let rest: Buffer = Buffer.alloc(0);
  let lineNumber = 0;
  let damaged: number | null = null;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let end = bytes.indexOf(NEW_LINE);
    while (end !== -1) {
      if (damaged !== null)
        throw new Error(`${path}: line ${damaged} is damaged. Remove the file to start from empty state.`);
      lineNumber += 1;
      if (!accept(bytes.toString("utf8", 0, end), onRecord)) damaged = lineNumber;
      bytes = bytes.subarray(end + 1);
      end = bytes.indexOf(NEW_LINE);
    }
    rest = bytes;
  }
}

/** A line that is not JSON can only be the torn end; anything else a line does wrong is a fault of the program. */
function accept(line: string, onRecord: (record: unknown) => void): boolean {
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch {
    return false;
  }
  onRecord(record);
  return true;
}
