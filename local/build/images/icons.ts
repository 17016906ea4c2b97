/** The store's mark as the icons that home screens ask for. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";

/** The ground of the mark, which fills icons that are cut to shape by the device. */
const GROUND = "#0e4a3c";
/** Devices may cut away all but the middle four fifths of a maskable icon: the mark stays inside. */
const SAFE_SHARE = 0.66;

const ICONS = [
  { file: "apple-touch-icon.png", size: 180, fills: true },
  { file: "icon-192.png", size: 192, fills: false },
  { file: "icon-512.png", size: 512, fills: false },
  { file: "icon-maskable-512.png", size: 512, fills: true },
] as const;

export const ICON_FILES: readonly string[] = ICONS.map(({ file }) => `/icons/${file}`);

export async function drawIcons(mark: Buffer, publicFolder: string): Promise<void> {
  await mkdir(join(publicFolder, "icons"), { recursive: true });
  for (const { file, size, fills } of ICONS) {
    const drawn = await sharp(mark, { density: 600 })
      .resize(fills ? Math.round(size * SAFE_SHARE) : size)
      .png()
      .toBuffer();
    const icon = fills
      ? sharp({ create: { width: size, height: size, channels: 3, background: GROUND } }).composite([
          { input: drawn },
        ])
      : sharp(drawn);
    await writeFile(
      join(publicFolder, "icons", file),
      await icon.png({ palette: true, compressionLevel: 9 }).toBuffer(),
    );
  }
}
