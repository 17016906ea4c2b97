/** Where a picture's files are: encoded ones from the picture build, or Cloudflare Images, which makes them when asked. Pure. */
import type { ProductImage } from "../src/contracts/catalog.ts";
import manifest from "./picture-manifest.json" with { type: "json" };
import { AVIF_WIDTHS, LARGEST_WIDTH, pictureFile, SHARE_IMAGE, WEBP_WIDTHS } from "./picture-files.ts";

/** `files`: what the picture build made. `cloudflare`: Cloudflare Images resizes and encodes (needs a zone with transformations). */
export type ImageDelivery = "files" | "cloudflare";

/** What a `<picture>` says. */
export interface PictureSources {
  /** Candidates for browsers that know AVIF; null where one list serves all, or there is nothing to choose from. */
  readonly avif: string | null;
  /** Candidates of the `<img>`; null where there is only `src`. */
  readonly srcset: string | null;
  readonly src: string;
  /** Class of the colours that fill the frame until the picture is there; null for a picture the build does not know. */
  readonly tone: string | null;
}

interface BuiltPicture {
  readonly name: string;
  readonly tone: number;
}

const PICTURES: Readonly<Record<string, BuiltPicture | undefined>> = manifest.pictures;
const SHARES: Readonly<Record<string, string | undefined>> = manifest.shares;
const STORE_SHARE = "store";

/** Where no width is chosen (`src`), this is the one. */
const PLAIN_WIDTH = 640;
const CLOUDFLARE_QUALITY = 80;
/** Cloudflare Images passes drawings through as they are. */
const DRAWING = /\.svg$/i;

/** One entry per built picture and delivery: their lists are long, and every page needs them again. */
const remembered = new Map<string, PictureSources>();

export function pictureSources(
  image: Pick<ProductImage, "src" | "width">,
  delivery: ImageDelivery,
): PictureSources {
  const built = PICTURES[image.src];
  if (built === undefined) return unbuiltSources(image, delivery);
  const key = `${delivery} ${image.src}`;
  let sources = remembered.get(key);
  if (sources === undefined) {
    sources = builtSources(built, delivery);
    remembered.set(key, sources);
  }
  return sources;
}

function builtSources({ name, tone }: BuiltPicture, delivery: ImageDelivery): PictureSources {
  const toneClass = `tone-${String(tone)}`;
  if (delivery === "cloudflare") {
    const original = pictureFile(name, LARGEST_WIDTH, "webp");
    return { ...transformed(original, LARGEST_WIDTH), tone: toneClass };
  }
  return {
    avif: candidates(AVIF_WIDTHS, (width) => pictureFile(name, width, "avif")),
    srcset: candidates(WEBP_WIDTHS, (width) => pictureFile(name, width, "webp")),
    src: pictureFile(name, PLAIN_WIDTH, "webp"),
    tone: toneClass,
  };
}

/** A picture that came into the catalog after the build: as it is, or through Cloudflare Images, which needs no build. */
function unbuiltSources(
  { src, width }: Pick<ProductImage, "src" | "width">,
  delivery: ImageDelivery,
): PictureSources {
  if (delivery === "files" || DRAWING.test(src)) return { avif: null, srcset: null, src, tone: null };
  return { ...transformed(src, width), tone: null };
}

function transformed(original: string, originalWidth: number): Omit<PictureSources, "tone"> {
  const address = (width: number) =>
    `/cdn-cgi/image/width=${String(width)},fit=scale-down,quality=${String(CLOUDFLARE_QUALITY)},format=auto${original}`;
  const widths = AVIF_WIDTHS.filter((width) => width <= originalWidth);
  return {
    avif: null,
    srcset: widths.length === 0 ? null : candidates(widths, address),
    src: address(Math.min(PLAIN_WIDTH, originalWidth)),
  };
}

function candidates(widths: readonly number[], address: (width: number) => string): string {
  return widths.map((width) => `${address(width)} ${String(width)}w`).join(", ");
}

export interface ShareImage {
  /** Path below the store's origin. */
  readonly path: string;
  readonly width: number;
  readonly height: number;
}

/** The picture shown where a link to a product's page is shared; without a product, the store's. Null where none was made. */
export function shareImage(productSlug = STORE_SHARE): ShareImage | null {
  const path = SHARES[productSlug];
  return path === undefined ? null : { path, ...SHARE_IMAGE };
}
