/** Encodes an original into its files, and tells the colour around it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { AVIF_WIDTHS, pictureFile, WEBP_WIDTHS } from "../../../web/picture-files.ts";
import { AVIF, WEBP } from "./recipe.ts";

/** Dots per inch at which a drawing of 960 units becomes 1920 pixels wide: more than the largest file needs. */
const DRAWING_DENSITY = 144;
/** Enough to see the colour at the corners. */
const TONE_WIDTH = 64;

/** Paths of an original's files below the public folder. */
export function filesOf(name: string): string[] {
  return [
    ...AVIF_WIDTHS.map((width) => pictureFile(name, width, "avif")),
    ...WEBP_WIDTHS.map((width) => pictureFile(name, width, "webp")),
  ];
}

export async function encodeOriginal(content: Buffer, name: string, publicFolder: string): Promise<void> {
  const large = await sharp(content, { density: DRAWING_DENSITY })
    .flatten({ background: "#ffffff" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width: fullWidth, height, channels } = large.info;
  const resized = (width: number) =>
    sharp(large.data, { raw: { width: fullWidth, height, channels } }).resize({ width });
  // One after the other: an encoder takes as many processors as it finds.
  for (const width of AVIF_WIDTHS) {
    const file = join(publicFolder, pictureFile(name, width, "avif"));
    await writeFile(file, await resized(width).avif(AVIF).toBuffer());
  }
  for (const width of WEBP_WIDTHS) {
    const file = join(publicFolder, pictureFile(name, width, "webp"));
    await writeFile(file, await resized(width).webp(WEBP).toBuffer());
  }
}

/** A colour as red, green and blue, 0 to 255. */
export type Color = readonly [red: number, green: number, blue: number];

/** The mean of a picture's corners: what its ground runs out into. */
export async function cornerColor(content: Buffer): Promise<Color> {
  const { data, info } = await sharp(content)
    .flatten({ background: "#ffffff" })
    .resize({ width: TONE_WIDTH })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const corners = [0, width - 1, (height - 1) * width, height * width - 1].map((pixel) => pixel * channels);
  const mean = (channel: number) =>
    Math.round(corners.reduce((sum, at) => sum + (data[at + channel] ?? 0), 0) / corners.length);
  return [mean(0), mean(1), mean(2)];
}
