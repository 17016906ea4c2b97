import { cp, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AVIF_WIDTHS, SHARE_IMAGE, WEBP_WIDTHS } from "../../../web/picture-files.ts";
import { buildPictures, checkPictures, type PictureBuildOptions, type PictureManifest } from "./build.ts";
import { gatherTones, toneStyles } from "./tones.ts";

const drawing = (color: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96"><rect width="96" height="96" fill="${color}"/></svg>`;

describe("the picture build", () => {
  let once: string;
  let folder: string;
  let options: PictureBuildOptions;
  let made = 0;

  const optionsIn = (base: string): PictureBuildOptions => {
    const publicFolder = join(base, "public");
    return {
      publicFolder,
      manifestFile: join(base, "manifest.json"),
      tonesFile: join(base, "tones.css"),
      markFile: join(base, "mark.svg"),
      storeName: "Test store",
      shares: [{ key: "phone", title: "Phone", text: "A phone.", picture: "/images/phone-red.svg" }],
    };
  };
  // Encoding is slow: every test goes on from a copy of what was built once.
  beforeAll(async () => {
    once = await mkdtemp(join(tmpdir(), "pictures-"));
    options = optionsIn(once);
    await mkdir(join(options.publicFolder, "images"), { recursive: true });
    await writeFile(original("phone-red.svg"), drawing("#cc2020"));
    await writeFile(original("phone-blue.svg"), drawing("#2020cc"));
    await writeFile(options.markFile, drawing("#0e4a3c"));
    made = await buildPictures(options);
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "pictures-"));
    await cp(once, folder, { recursive: true, preserveTimestamps: true });
    options = optionsIn(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  afterAll(() => rm(once, { recursive: true, force: true }));

  const original = (name: string) => join(options.publicFolder, "images", name);
  const manifest = async () => JSON.parse(await readFile(options.manifestFile, "utf8")) as PictureManifest;
  const built = async () => (await readdir(join(options.publicFolder, "pictures"))).sort();

  it("encodes every original in every width, draws what is shared, and is up to date afterwards", async () => {
    expect(made).toBe(3);
    expect(await built()).toHaveLength(2 * (AVIF_WIDTHS.length + WEBP_WIDTHS.length) + 1);
    const { pictures, shares } = await manifest();
    const { name } = pictures["/images/phone-red.svg"]!;
    const avif = await sharp(join(options.publicFolder, `pictures/${name}-480.avif`)).metadata();
    expect([avif.format, avif.width, avif.height]).toEqual(["heif", 480, 480]);
    const share = await sharp(join(options.publicFolder, shares["phone"]!)).metadata();
    expect(share).toMatchObject({ format: "jpeg", ...SHARE_IMAGE });
    expect(await checkPictures(options)).toEqual([]);
  });

  it("says which original changed, and which file is missing or belongs to nothing", async () => {
    await writeFile(original("phone-blue.svg"), drawing("#2020cd"));
    const pictures = join(options.publicFolder, "pictures");
    const [some = ""] = await built();
    await rm(join(pictures, some));
    await writeFile(join(pictures, "left-over.webp"), "");
    expect(await checkPictures(options)).toEqual([
      "/images/phone-blue.svg changed and was not encoded again",
      `/pictures/${some} is missing`,
      "/pictures/left-over.webp belongs to nothing",
    ]);
  });

  it("says that a shared picture is old when its words or its artwork change, and icons when the mark does", async () => {
    const [share] = options.shares;
    const reworded = { ...options, shares: [{ ...share!, text: "Another phone." }] };
    expect(await checkPictures(reworded)).toEqual(["the picture for sharing phone is not up to date"]);
    await writeFile(options.markFile, drawing("#000000"));
    expect(await checkPictures(options)).toContain("the icons are not drawn from the mark as it is");
  });

  it("encodes again only what changed, under another name, and removes the former files", async () => {
    const former = await manifest();
    const untouched = join(
      options.publicFolder,
      `pictures/${former.pictures["/images/phone-red.svg"]!.name}-160.avif`,
    );
    const { mtimeMs } = await stat(untouched);
    await writeFile(original("phone-blue.svg"), drawing("#20cc20"));
    expect(await buildPictures(options)).toBe(1);
    const now = await manifest();
    expect(now.pictures["/images/phone-red.svg"]).toEqual(former.pictures["/images/phone-red.svg"]);
    expect(now.pictures["/images/phone-blue.svg"]!.name).not.toBe(
      former.pictures["/images/phone-blue.svg"]!.name,
    );
    expect((await stat(untouched)).mtimeMs).toBe(mtimeMs);
    expect(await checkPictures(options)).toEqual([]);
  });
});

describe("the colours that stand in for pictures", () => {
  it("are shared by grounds that nobody could tell apart", () => {
    const tones = gatherTones([
      [240, 240, 240],
      [250, 220, 210],
      [244, 238, 241],
    ]);
    expect(tones).toEqual({
      colors: [
        [240, 240, 240],
        [250, 220, 210],
      ],
      toneOf: [0, 1, 0],
    });
    expect(toneStyles(tones.colors)).toContain(".tone-1 {\n  --tone: #fadcd2;\n}");
  });
});
