/** Where this deployment's pictures come from: the variable `IMAGE_DELIVERY`. */
import type { ImageDelivery } from "../../web/pictures.ts";

/** Cloudflare Images transforms on a zone of one's own only; under this one there is none. */
const WITHOUT_TRANSFORMATIONS = ".workers.dev";

/**
 * @param setting `files` or `cloudflare`
 * @param origin the store's, where pictures are asked for
 * @throws Error for another setting: a store without pictures must not look as if that was meant
 */
export function imageDelivery(setting: string, origin: string): ImageDelivery {
  if (setting !== "files" && setting !== "cloudflare") {
    throw new Error(`IMAGE_DELIVERY must be "files" or "cloudflare", not "${setting}"`);
  }
  return origin.endsWith(WITHOUT_TRANSFORMATIONS) ? "files" : setting;
}
