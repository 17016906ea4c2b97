/** Draws the picture that is shown where a link is shared: a text on the left, the artwork on the right. No prices: they change. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import satori from "satori";
import sharp from "sharp";
import { SHARE_IMAGE } from "../../../web/picture-files.ts";
import { SHARE_JPEG } from "./recipe.ts";

const { width: WIDTH, height: HEIGHT } = SHARE_IMAGE;
/** The artwork is square and as high as the picture. */
const TEXT_WIDTH = WIDTH - HEIGHT;
const MARGIN = 60;
const COLORS = { ground: "#0c1f1a", title: "#eef5f1", text: "#a9bdb5", accent: "#79e2ba" } as const;

export interface ShareText {
  readonly title: string;
  readonly text: string;
}

type Fonts = Parameters<typeof satori>[1]["fonts"];

let fonts: Promise<Fonts> | null = null;

function inter(): Promise<Fonts> {
  const require = createRequire(import.meta.url);
  const font = async (weight: 400 | 600, file: string) => ({
    name: "Inter",
    weight,
    style: "normal" as const,
    data: await readFile(file),
  });
  return Promise.all([
    font(400, require.resolve("@fontsource/inter/files/inter-latin-400-normal.woff")),
    font(600, require.resolve("@fontsource/inter/files/inter-latin-600-normal.woff")),
  ]);
}

/** An element as satori reads it. */
function box(style: Readonly<Record<string, string | number>>, children: unknown) {
  return { type: "div", props: { style: { display: "flex", ...style }, children } };
}

/** @param mark the store's mark, as SVG @param artwork the original on the right, square */
export async function drawShareImage(
  { title, text }: ShareText,
  mark: Buffer,
  artwork: Buffer,
  storeName: string,
): Promise<Buffer> {
  fonts ??= inter();
  const markUrl = `data:image/svg+xml;base64,${mark.toString("base64")}`;
  const layout = box(
    {
      width: TEXT_WIDTH,
      height: HEIGHT,
      padding: MARGIN,
      boxSizing: "border-box",
      flexDirection: "column",
      justifyContent: "space-between",
      background: `linear-gradient(150deg, #17392f, ${COLORS.ground} 70%)`,
      fontFamily: "Inter",
      color: COLORS.title,
    },
    [
      box({ alignItems: "center", gap: 18, fontSize: 32, fontWeight: 600, letterSpacing: "-0.01em" }, [
        { type: "img", props: { src: markUrl, width: 52, height: 52 } },
        storeName,
      ]),
      box({ flexDirection: "column", gap: 26, width: TEXT_WIDTH - 2 * MARGIN }, [
        box(
          {
            fontSize: title.length > 22 ? 60 : 70,
            fontWeight: 600,
            lineHeight: 1.05,
            letterSpacing: "-0.035em",
          },
          title,
        ),
        box({ fontSize: 28, lineHeight: 1.4, color: COLORS.text }, text),
      ]),
      box({ width: 88, height: 8, borderRadius: 4, background: COLORS.accent }, ""),
    ],
  );
  const drawn = await satori(layout as Parameters<typeof satori>[0], {
    width: TEXT_WIDTH,
    height: HEIGHT,
    fonts: await fonts,
  });
  const right = await sharp(artwork, { density: 72 })
    .resize(HEIGHT, HEIGHT)
    .flatten({ background: "#fff" })
    .png()
    .toBuffer();
  return sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: COLORS.ground } })
    .composite([
      { input: Buffer.from(drawn), left: 0, top: 0 },
      { input: right, left: TEXT_WIDTH, top: 0 },
    ])
    .jpeg(SHARE_JPEG)
    .toBuffer();
}
