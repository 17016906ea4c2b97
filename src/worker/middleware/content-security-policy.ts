/** The content security policy: our own files, and Stripe's where the payment page needs them. Nothing inline. */

/** For answers that are no pages: nothing may be loaded from, or framed around, them. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'";

let remembered: { readonly key: string; readonly policy: string } | null = null;

/**
 * The policy of a page.
 *
 * @param stripeJsUrl where Stripe.js is loaded from; its origin also frames the Payment Element
 * @param stripeApiUrl where Stripe.js calls
 */
export function pagePolicy(stripeJsUrl: string, stripeApiUrl: string): string {
  const key = `${stripeJsUrl} ${stripeApiUrl}`;
  if (remembered?.key === key) return remembered.policy;
  const js = originOf(stripeJsUrl);
  const api = originOf(stripeApiUrl);
  // Stripe's own list for the Payment Element and 3-D Secure: https://docs.stripe.com/security/guide#content-security-policy
  const isStripe = js === "https://js.stripe.com";
  const scripts = isStripe ? `${js} https://*.js.stripe.com` : js;
  const frames = isStripe ? `${scripts} https://hooks.stripe.com` : js;
  const images = isStripe ? "https://*.stripe.com" : js;
  const policy = [
    "default-src 'self'",
    `script-src 'self' ${scripts}`,
    "style-src 'self'",
    `img-src 'self' data: ${images}`,
    `connect-src ${[...new Set(["'self'", api, ...scripts.split(" ")])].join(" ")}`,
    `frame-src ${frames}`,
    "font-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
  remembered = { key, policy };
  return policy;
}

/** What a page and its frames may ask of the device: wallets, from our page and Stripe's frame. */
export function pagePermissions(stripeJsUrl: string): string {
  return `camera=(), microphone=(), geolocation=(), payment=(self "${originOf(stripeJsUrl)}")`;
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : "";
}
