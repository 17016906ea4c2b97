/** The `_headers` file that static assets are served with. */

/** Hashed names never change their content; originals and icons keep their names, so they are looked at again after a day. */
export function responseHeaders(): string {
  return `/assets/*
  Cache-Control: public, max-age=31536000, immutable
  X-Content-Type-Options: nosniff

/images/*
  Cache-Control: public, max-age=86400, stale-while-revalidate=604800
  X-Content-Type-Options: nosniff
  Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'

/sw.js
  Cache-Control: no-cache
  X-Content-Type-Options: nosniff
  Content-Security-Policy: default-src 'none'; connect-src 'self'

/pictures/*
  Cache-Control: public, max-age=31536000, immutable
  X-Content-Type-Options: nosniff

/icons/*
  Cache-Control: public, max-age=86400
  X-Content-Type-Options: nosniff

/site.webmanifest
  Cache-Control: public, max-age=86400
  Content-Type: application/manifest+json
  X-Content-Type-Options: nosniff

/favicon.svg
  Cache-Control: public, max-age=86400
  X-Content-Type-Options: nosniff
`;
}
