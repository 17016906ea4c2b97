/** Which files an original is encoded into, and how they are named: agreed between the picture build and the pages. */

/** Widths in pixels. From a thumbnail on a plain display to a phone-wide picture on a sharp one. */
export const AVIF_WIDTHS = [160, 320, 480, 640, 960, 1280] as const;
/** Fewer: only browsers without AVIF load them, and Cloudflare Images takes the largest as its source. */
export const WEBP_WIDTHS = [320, 640, 1280] as const;
export const LARGEST_WIDTH = 1280;

/** Open Graph's usual size. */
export const SHARE_IMAGE = { width: 1200, height: 630 } as const;

/**
 * The path of an encoded picture below the store's origin. The name changes with the original's content, so that it may be kept for ever.
 *
 * @param name the original's name and content hash, from the manifest
 * @param width pixels
 */
export function pictureFile(name: string, width: number, format: "avif" | "webp"): string {
  return `/pictures/${name}-${String(width)}.${format}`;
}
