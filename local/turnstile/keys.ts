/**
 * The keys that Cloudflare publishes for tests, beside the pair of the local store.
 *
 * @see https://developers.cloudflare.com/turnstile/troubleshooting/testing/
 */

/** What a widget does: passes by itself, never passes, or wants a press first. */
export type WidgetBehaviour = "pass" | "block" | "interactive";

/** What the test keys' widgets do. */
export const TEST_SITE_KEYS: ReadonlyMap<string, WidgetBehaviour> = new Map([
  ["1x00000000000000000000AA", "pass"],
  ["1x00000000000000000000BB", "pass"],
  ["2x00000000000000000000AB", "block"],
  ["2x00000000000000000000BB", "block"],
  ["3x00000000000000000000FF", "interactive"],
]);

/** What siteverify says under the test secrets, whatever the token. */
export type TestSecretAnswer = "always passes" | "always fails" | "always spent";

export const TEST_SECRETS: ReadonlyMap<string, TestSecretAnswer> = new Map([
  ["1x0000000000000000000000000000000AA", "always passes"],
  ["2x0000000000000000000000000000000AA", "always fails"],
  ["3x0000000000000000000000000000000AA", "always spent"],
]);

/** What widgets of the test keys answer; no other secret takes it. */
export const DUMMY_TOKEN = "XXXX.DUMMY.TOKEN.XXXX";
