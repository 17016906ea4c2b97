/** What a page and its frames may ask of the device: passkeys for our own pages, wallets where one pays, else nothing. */
import { originOf, type ThirdParty, type ThirdPartyAddresses } from "./content-security-policy.ts";

/** Features of the device that no page of a store needs. */
const REFUSED = [
  "accelerometer",
  "autoplay",
  "bluetooth",
  "camera",
  "display-capture",
  "geolocation",
  "gyroscope",
  "hid",
  "magnetometer",
  "microphone",
  "midi",
  "screen-wake-lock",
  "serial",
  "usb",
  "xr-spatial-tracking",
] as const;
const STANDING = [
  ...REFUSED.map((feature) => `${feature}=()`),
  "fullscreen=(self)",
  "publickey-credentials-create=(self)",
].join(", ");

/** `Permissions-Policy` of a page with these third parties. */
export function pagePermissions(
  thirdParties: readonly ThirdParty[],
  { stripeJsUrl }: Pick<ThirdPartyAddresses, "stripeJsUrl">,
): string {
  if (!thirdParties.includes("stripe")) return `${STANDING}, payment=(), publickey-credentials-get=(self)`;
  // Wallets, and the bank's own passkey, inside Stripe's frame.
  const allowed = `(self "${originOf(stripeJsUrl)}")`;
  return `${STANDING}, payment=${allowed}, publickey-credentials-get=${allowed}`;
}
