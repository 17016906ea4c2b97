/** The picture build: encodes what changed, removes what nobody names any more, and writes down which file belongs to what. */
import { access, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cornerColor, encodeOriginal, filesOf } from "./encode.ts";
import { drawIcons, ICON_FILES } from "./icons.ts";
import { contentHash, readOriginals, type Original } from "./originals.ts";
import { SHARE_RECIPE } from "./recipe.ts";
import { drawShareImage, type ShareText } from "./share-image.ts";
import { gatherTones, toneStyles } from "./tones.ts";

/** A picture for sharing that is wanted. */
export interface WantedShare extends ShareText {
  /** A product's slug, or `store`. */
  readonly key: string;
  /** `src` of the original it shows. */
  readonly picture: string;
}

export interface PictureBuildOptions {
  /** What is served from the store's root: holds `images` (originals), and gets `pictures` and `icons`. */
  readonly publicFolder: string;
  readonly manifestFile: string;
  /** Where the colours of the grounds go, as CSS. */
  readonly tonesFile: string;
  /** The store's mark, as SVG: what icons are drawn from. */
  readonly markFile: string;
  readonly storeName: string;
  readonly shares: readonly WantedShare[];
  readonly onProgress?: (name: string) => void;
}

export interface PictureManifest {
  /** Original → name of its files, and the tone its ground has. */
  readonly pictures: Readonly<Record<string, { readonly name: string; readonly tone: number }>>;
  /** Slug, or `store` → path of the picture for sharing. */
  readonly shares: Readonly<Record<string, string>>;
  /** Hash of the mark that the icons were drawn from. */
  readonly icons: string;
}

/** Brings everything up to date; what is there under its right name is not made again. @returns how many pictures were made */
export async function buildPictures(options: PictureBuildOptions): Promise<number> {
  const { publicFolder } = options;
  await mkdir(join(publicFolder, "pictures"), { recursive: true });
  const [originals, mark] = await Promise.all([readOriginals(publicFolder), readFile(options.markFile)]);
  let made = 0;
  for (const { content, name } of originals) {
    if ((await missing(publicFolder, filesOf(name))).length === 0) continue;
    await encodeOriginal(content, name, publicFolder);
    options.onProgress?.(name);
    made += 1;
  }
  for (const share of options.shares) {
    const { path, artwork } = sharePath(share, originals, mark, options.storeName);
    if ((await missing(publicFolder, [path])).length === 0) continue;
    await writeFile(join(publicFolder, path), await drawShareImage(share, mark, artwork, options.storeName));
    options.onProgress?.(path);
    made += 1;
  }
  await drawIcons(mark, publicFolder);
  const tones = gatherTones(await Promise.all(originals.map(({ content }) => cornerColor(content))));
  const expected = expectedNames(originals, mark, options);
  const manifest: PictureManifest = {
    pictures: Object.fromEntries(
      originals.map(({ src, name }, index) => [src, { name, tone: tones.toneOf[index] ?? 0 }]),
    ),
    shares: expected.shares,
    icons: expected.icons,
  };
  await writeFile(options.tonesFile, toneStyles(tones.colors));
  await writeFile(options.manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
  const wanted = new Set(filesNamedBy(manifest));
  for (const path of await existingFiles(publicFolder)) {
    if (!wanted.has(path)) await rm(join(publicFolder, path));
  }
  return made;
}

/**
 * What the build would change, without encoding anything: hashes of originals against the manifest, and whether the files are there.
 *
 * @returns one line per difference; none where everything is up to date
 */
export async function checkPictures(options: PictureBuildOptions): Promise<string[]> {
  const [originals, mark, text] = await Promise.all([
    readOriginals(options.publicFolder),
    readFile(options.markFile),
    readFile(options.manifestFile, "utf8"),
  ]);
  const manifest = JSON.parse(text) as PictureManifest;
  const expected = expectedNames(originals, mark, options);
  const names = Object.fromEntries(Object.entries(manifest.pictures).map(([src, { name }]) => [src, name]));
  const wanted = filesNamedBy(manifest);
  const orphans = (await existingFiles(options.publicFolder)).filter((path) => !wanted.includes(path));
  return [
    ...differences(names, expected.pictures).map((src) => `${src} changed and was not encoded again`),
    ...differences(manifest.shares, expected.shares).map(
      (key) => `the picture for sharing ${key} is not up to date`,
    ),
    ...(manifest.icons === expected.icons ? [] : ["the icons are not drawn from the mark as it is"]),
    ...(await missing(options.publicFolder, wanted)).map((path) => `${path} is missing`),
    ...orphans.map((path) => `${path} belongs to nothing`),
  ];
}

/** Paths of everything a manifest names. */
function filesNamedBy({ pictures, shares }: PictureManifest): string[] {
  return [
    ...Object.values(pictures).flatMap(({ name }) => filesOf(name)),
    ...Object.values(shares),
    ...ICON_FILES,
  ];
}

function expectedNames(originals: readonly Original[], mark: Buffer, options: PictureBuildOptions) {
  return {
    pictures: Object.fromEntries(originals.map(({ src, name }) => [src, name])),
    shares: Object.fromEntries(
      options.shares.map((share) => [share.key, sharePath(share, originals, mark, options.storeName).path]),
    ),
    icons: contentHash(mark),
  };
}

function sharePath(share: WantedShare, originals: readonly Original[], mark: Buffer, storeName: string) {
  const original = originals.find(({ src }) => src === share.picture);
  if (original === undefined) throw new Error(`${share.key} wants ${share.picture}, which is not there`);
  const hash = contentHash(SHARE_RECIPE, storeName, share.title, share.text, mark, original.content);
  return { path: `/pictures/share-${share.key}.${hash}.jpg`, artwork: original.content };
}

/** Keys whose values differ between two records, or that only one of them has. */
function differences(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => a[key] !== b[key]).sort();
}

async function missing(folder: string, paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      access(join(folder, path)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_, index) => found[index] === false);
}

/** Encoded files and icons that are there, as paths below the public folder. */
async function existingFiles(publicFolder: string): Promise<string[]> {
  const listed = await Promise.all(
    ["pictures", "icons"].map(async (folder) => {
      const names = await readdir(join(publicFolder, folder));
      return names.filter((name) => !name.startsWith(".")).map((name) => `/${folder}/${name}`);
    }),
  );
  return listed.flat();
}
