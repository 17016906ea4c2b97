/** The originals that are encoded, and the name under which each one's files go: it changes with the content. */
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { PICTURE_RECIPE } from "./recipe.ts";

const ORIGINAL = /^(?<stem>[a-z0-9-]+)\.(?:svg|png|jpe?g|webp)$/;
/** Of the hash in a file's name: two contents share none in practice. */
const HASH_LENGTH = 10;

export interface Original {
  /** As the catalog names it: `/images/aurora-coral.svg`. */
  readonly src: string;
  /** What its files are called: `aurora-coral.0a1b2c3d4e`. */
  readonly name: string;
  readonly content: Buffer;
}

/** A short hash of some parts. */
export function contentHash(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  // The length in front keeps ("ab", "c") and ("a", "bc") apart.
  for (const part of parts) hash.update(`${String(part.length)}:`).update(part);
  return hash.digest("hex").slice(0, HASH_LENGTH);
}

/**
 * The originals in a folder of public files, sorted by name.
 *
 * @param publicFolder the folder that the store's root is served from; originals lie in its `images`
 * @throws for a file whose name or format is not one for pictures
 */
export async function readOriginals(publicFolder: string): Promise<Original[]> {
  const names = (await readdir(join(publicFolder, "images"))).filter((name) => !name.startsWith(".")).sort();
  return Promise.all(
    names.map(async (file) => {
      const stem = ORIGINAL.exec(file)?.groups?.["stem"];
      if (stem === undefined)
        throw new Error(`images/${file} is not named like a picture (a-z, 0-9, dashes)`);
      const content = await readFile(join(publicFolder, "images", file));
      return { src: `/images/${file}`, name: `${stem}.${contentHash(PICTURE_RECIPE, content)}`, content };
    }),
  );
}
