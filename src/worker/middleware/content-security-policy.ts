/**
 * The content security policy of every kind of answer (docs/decisions/0014). A page that everybody shares may run our own files and
 * nothing else; a personal page that needs a third party's script runs what bears its answer's nonce, and what that loads.
 */

/**
 * Where browsers tell of what a policy stopped. By `report-uri`, which every browser knows and answers at once: those that know
 * `report-to` would take it alone, and keep reports back for a minute.
 */
const CSP_REPORTS_PATH = "/api/csp-reports";
/** The one Trusted Types policy of our own code (web/islands/trusted.ts). */
const TRUSTED_TYPES_POLICY = "holdfast";

/** For answers that are no pages: nothing may be loaded from, or framed around, them. */
export const API_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Who besides us a page may need: to run code, or to be sent a form's answer to. */
export type ThirdParty = "stripe" | "turnstile" | "sign-in-providers";

export interface ThirdPartyAddresses {
  /** Where Stripe.js is loaded from; its origin also frames the Payment Element. */
  readonly stripeJsUrl: string;
  /** Where Stripe.js calls. */
  readonly stripeApiUrl: string;
  /** Where Turnstile's script is loaded from, which also frames its challenge; empty where there is none. */
  readonly turnstileUrl: string;
}

/** What one third party may do on a page, as origins. */
interface Grant {
  readonly scripts?: readonly string[];
  readonly frames?: readonly string[];
  readonly connections?: readonly string[];
  readonly images?: readonly string[];
  readonly formTargets?: readonly string[];
}

/** A page without third parties: the same for everyone, so it can be kept by caches. Nothing inline, and typed sinks only. */
export const SHARED_PAGE_POLICY = policyText({
  scripts: ["'self'"],
  grants: [],
  more: ["require-trusted-types-for 'script'", `trusted-types ${TRUSTED_TYPES_POLICY}`],
});

/**
 * The policy of a page that names its third parties. Where one of them runs code, scripts need the nonce, and what they load
 * is trusted with them: Stripe and Cloudflare load more than they name. The origins after it are for browsers that do not know
 * `strict-dynamic`. Their code is not written for Trusted Types, so those are left out there.
 *
 * @param nonce of this answer alone; unused where no third party runs code
 */
export function pagePolicy(
  thirdParties: readonly ThirdParty[],
  addresses: ThirdPartyAddresses,
  nonce: string | undefined,
): string {
  if (thirdParties.length === 0) return SHARED_PAGE_POLICY;
  const grants = thirdParties.map((name) => grantOf(name, addresses));
  const hosts = grants.flatMap(({ scripts = [] }) => scripts);
  const isNonced = nonce !== undefined && hosts.length > 0;
  return policyText({
    scripts: isNonced ? [`'nonce-${nonce}'`, "'strict-dynamic'", "'self'", ...hosts] : ["'self'"],
    grants,
    more: isNonced ? [] : ["require-trusted-types-for 'script'", `trusted-types ${TRUSTED_TYPES_POLICY}`],
  });
}

/** Whether a page with these third parties runs code that is not ours, and so needs a nonce. */
export function runsForeignCode(thirdParties: readonly ThirdParty[]): boolean {
  return thirdParties.some((name) => name !== "sign-in-providers");
}

function policyText({
  scripts,
  grants,
  more,
}: {
  scripts: readonly string[];
  grants: readonly Grant[];
  more: readonly string[];
}): string {
  const sources = (name: string, own: readonly string[], granted: readonly (readonly string[])[]) =>
    `${name} ${[...new Set([...own, ...granted.flat()])].join(" ")}`;
  const list = (pick: (grant: Grant) => readonly string[] | undefined) =>
    grants.map((grant) => pick(grant) ?? []);
  const frames = list(({ frames }) => frames).flat();
  return [
    "default-src 'none'",
    `script-src ${scripts.join(" ")}`,
    "style-src 'self'",
    sources(
      "img-src",
      ["'self'"],
      list(({ images }) => images),
    ),
    "font-src 'self'",
    sources(
      "connect-src",
      ["'self'"],
      list(({ connections }) => connections),
    ),
    ...(frames.length === 0 ? [] : [`frame-src ${[...new Set(frames)].join(" ")}`]),
    "manifest-src 'self'",
    "worker-src 'self'",
    sources(
      "form-action",
      ["'self'"],
      list(({ formTargets }) => formTargets),
    ),
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...more,
    `report-uri ${CSP_REPORTS_PATH}`,
  ].join("; ");
}

function grantOf(thirdParty: ThirdParty, addresses: ThirdPartyAddresses): Grant {
  switch (thirdParty) {
    case "stripe":
      return stripeGrant(originOf(addresses.stripeJsUrl), originOf(addresses.stripeApiUrl));
    case "turnstile": {
      const origin = originOf(addresses.turnstileUrl);
      // https://developers.cloudflare.com/turnstile/reference/content-security-policy/
      return { scripts: [origin], frames: [origin] };
    }
    case "sign-in-providers":
      // Browsers hold a form's redirects to `form-action` too.
      return { formTargets: ["https://accounts.google.com", "https://appleid.apple.com"] };
  }
}

/** Stripe's own list for the Payment Element and 3-D Secure: https://docs.stripe.com/security/guide#content-security-policy */
function stripeGrant(js: string, api: string): Grant {
  if (js !== "https://js.stripe.com")
    return { scripts: [js], frames: [js], connections: [api, js], images: [js] };
  const scripts = [js, "https://*.js.stripe.com"];
  return {
    scripts,
    frames: [...scripts, "https://hooks.stripe.com"],
    connections: [api, ...scripts],
    images: ["https://*.stripe.com"],
  };
}

export function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : "";
}
