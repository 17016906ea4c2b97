/** The `_headers` file that static assets are served with. What several rules say of one address is joined, so no two say the same. */

/** For everything: the Worker does not see these answers, so its headers must stand here too. */
const EVERYWHERE = [
  "X-Content-Type-Options: nosniff",
  "Strict-Transport-Security: max-age=63072000; includeSubDomains",
  "Referrer-Policy: no-referrer",
  "X-Frame-Options: DENY",
  "X-Permitted-Cross-Domain-Policies: none",
];

/** Code and styles are for our own pages. */
const OURS = "Cross-Origin-Resource-Policy: same-origin";
/** Pictures are shown by whoever shows a link to a product. */
const ANYBODYS = "Cross-Origin-Resource-Policy: cross-origin";

/** Opened by themselves, files load nothing; only drawings style themselves. */
const INERT = "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'";
const DRAWING =
  "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
/** A worker obeys the policy it came with: it may ask our own server. */
const SERVICE_WORKER =
  "Content-Security-Policy: default-src 'none'; connect-src 'self'; frame-ancestors 'none'";

/** Hashed names never change their content; originals and icons keep their names, so they are looked at again after a day. */
const FOR_EVER = "Cache-Control: public, max-age=31536000, immutable";
const FOR_A_DAY = "Cache-Control: public, max-age=86400";

const RULES: Readonly<Record<string, readonly string[]>> = {
  "/*": EVERYWHERE,
  "/assets/*": [FOR_EVER, INERT, OURS],
  "/images/*": [`${FOR_A_DAY}, stale-while-revalidate=604800`, DRAWING, ANYBODYS],
  "/pictures/*": [FOR_EVER, INERT, ANYBODYS],
  "/icons/*": [FOR_A_DAY, INERT, ANYBODYS],
  "/sw.js": ["Cache-Control: no-cache", SERVICE_WORKER, OURS],
  "/site.webmanifest": [FOR_A_DAY, "Content-Type: application/manifest+json", INERT, OURS],
  "/favicon.svg": [FOR_A_DAY, DRAWING, ANYBODYS],
};

export function responseHeaders(): string {
  return Object.entries(RULES)
    .map(([path, lines]) => `${path}\n${lines.map((line) => `  ${line}\n`).join("")}`)
    .join("\n");
}
