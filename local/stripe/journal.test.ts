/** The journal alone: what it gives back after an end of any kind. */
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openJournal } from "./journal.ts";
import type { Journal } from "./journal.ts";

let directory: string;
let file: string;
let lines: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "journal-"));
  file = join(directory, "journal.jsonl");
  lines = [];
});
afterEach(() => rm(directory, { recursive: true }));

/** A journal over a list of lines, which is its own snapshot. */
function open(minBytesBeforeCompaction = 1_000_000): Promise<Journal> {
  lines = [];
  return openJournal({
    directory,
    onRecord: (record) => {
      lines.push(JSON.stringify(record));
    },
    snapshot: () => lines,
    minBytesBeforeCompaction,
  });
}

async function write(journal: Journal, line: string): Promise<void> {
  lines.push(line);
  await journal.append(line);
}

it("gives back every line that was acknowledged, in order", async () => {
  const first = await open();
  const written = Array.from({ length: 100 }, (_, index) => JSON.stringify({ index }));
  await Promise.all(written.map((line) => write(first, line)));
  // Not closed: the process might have been killed here.
  const second = await open();
  expect(lines).toEqual(written);
  await Promise.all([first.close(), second.close()]);
});

it("has a line on disk as soon as it is acknowledged, also while others are being written", async () => {
  const journal = await open();
  const others = Array.from({ length: 50 }, (_, index) => write(journal, String(index)));
  await write(journal, '"mine"');
  expect(await readFile(file, "utf8")).toContain('"mine"');
  await Promise.all(others);
  await journal.close();
});

it.each(['{"torn', '{"torn":1}', "\u0000\u0000"])(
  "drops a last line that is torn (%j) and goes on after it",
  async (torn) => {
    await writeFile(file, '{"whole":1}\n');
    await appendFile(file, torn);
    const journal = await open();
    await write(journal, '{"whole":2}');
    await journal.close();
    await (await open()).close();
    expect(lines).toEqual(['{"whole":1}', '{"whole":2}']);
  },
);

it("refuses to start over a line damaged in the middle, and says which", async () => {
  await writeFile(file, '{"whole":1}\ndamaged\n{"whole":2}\n');
  await expect(open()).rejects.toThrow("line 2 is damaged");
});

it("shrinks to the present state when it has grown", async () => {
  const journal = await open(1000);
  for (let index = 0; index < 200; index += 1) {
    lines = [];
    await write(journal, JSON.stringify({ index, padding: "x".repeat(50) }));
  }
  expect((await stat(file)).size).toBeLessThan(2000);
  await journal.close();
  await (await open()).close();
  expect(lines.at(-1)).toContain('"index":199');
});
