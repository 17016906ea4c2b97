/** How pictures are encoded. A change here gives every file a new name, as a change of its original does. */
import { AVIF_WIDTHS, SHARE_IMAGE, WEBP_WIDTHS } from "../../../web/picture-files.ts";

/** Chosen by looking: the lowest at which gradients stay smooth and edges clean. Full colour resolution, for red on grey. */
export const AVIF = { quality: 52, effort: 2, chromaSubsampling: "4:4:4" } as const;
export const WEBP = { quality: 80, effort: 4, smartSubsample: true } as const;
/** Those who show shared links fetch a plain JPEG most reliably. */
export const SHARE_JPEG = { quality: 84, mozjpeg: true, chromaSubsampling: "4:4:4" } as const;

export const PICTURE_RECIPE = JSON.stringify([AVIF, AVIF_WIDTHS, WEBP, WEBP_WIDTHS]);
export const SHARE_RECIPE = JSON.stringify([SHARE_JPEG, SHARE_IMAGE, "artwork right, text left, 2"]);
