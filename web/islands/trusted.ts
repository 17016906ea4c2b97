/**
 * The one Trusted Types policy of the store's own code: where the browser knows them, only what passes through here may become
 * markup or the address of a script (docs/decisions/0014). Each page's bundle has it once; code that is loaded later must not
 * have a second one, which the browser would refuse.
 */

/** What is used of the API; not in every browser, nor in the compiler's library. */
interface TrustedTypesFactory {
  createPolicy(
    name: string,
    rules: { createHTML(text: string): string; createScriptURL(text: string): string },
  ): { createHTML(text: string): string; createScriptURL(text: string): string };
}

const SERVICE_WORKER = "/sw.js";

const rules = {
  createHTML: (text: string) => text,
  createScriptURL(text: string): string {
    if (text !== SERVICE_WORKER) throw new TypeError("not a script of the store");
    return text;
  },
};
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypesFactory };
const policy = trustedTypes?.createPolicy("holdfast", rules) ?? rules;

/**
 * Reads a page of the store's own as a document of its own, in which nothing runs and nothing is loaded.
 *
 * @param html as our own server answered it, never a part of an address or of what somebody typed
 */
export function parsePage(html: string): Document {
  return new DOMParser().parseFromString(policy.createHTML(html), "text/html");
}

/** The service worker's address, as a browser with Trusted Types wants it. */
export function serviceWorkerAddress(): string {
  return policy.createScriptURL(SERVICE_WORKER);
}
