/** Secrets that must not be in a tracked file: by the forms their issuers give them, and by names that are set to a value. */

export interface Finding {
  readonly path: string;
  readonly line: number;
  /** What it looks like; never the secret itself. */
  readonly kind: string;
}

interface Rule {
  readonly kind: string;
  readonly pattern: RegExp;
}

/** Each form as its issuer documents it; long enough that a made-up value of a test does not fit it. */
const RULES: readonly Rule[] = [
  { kind: "a private key", pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----/ },
  { kind: "a Stripe live key", pattern: /\b[rs]k_live_[0-9A-Za-z]{16,}/ },
  {
    kind: "a Stripe test key",
    pattern: /\b[rs]k_test_(?=[0-9A-Za-z]*\d)(?=[0-9A-Za-z]*[A-Z])[0-9A-Za-z]{24,}/,
  },
  {
    kind: "a Stripe webhook secret",
    pattern: /\bwhsec_(?=[0-9A-Za-z]*\d)(?=[0-9A-Za-z]*[A-Z])[0-9A-Za-z]{24,}/,
  },
  { kind: "an AWS key", pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/ },
  { kind: "a GitHub token", pattern: /\b(?:gh[pousr]_[0-9A-Za-z]{36,}|github_pat_\w{60,})/ },
  { kind: "an npm token", pattern: /\bnpm_[0-9A-Za-z]{36}\b/ },
  { kind: "a Slack token", pattern: /\bxox[abprs]-[0-9A-Za-z-]{20,}/ },
  { kind: "a Google API key", pattern: /\bAIza[0-9A-Za-z_-]{35}\b/ },
  { kind: "a Google client secret", pattern: /\bGOCSPX-[0-9A-Za-z_-]{20,}/ },
  { kind: "a Neon key or password", pattern: /\b(?:napi_[0-9a-z]{40,}|npg_[0-9A-Za-z]{10,})/ },
  { kind: "a Turnstile secret", pattern: /\b0x4[0-9A-Za-z_-]{30,}\b/ },
  { kind: "a signed token", pattern: /\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{20,}/ },
  {
    kind: "an address with a password",
    pattern:
      /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'`<>${}]+:(?!pass(?:word)?@|secret@|hidden@)[^\s/:@"'`<>${}]{3,}@(?!127\.0\.0\.1|localhost|[^\s/]*\.(?:example|invalid|test)\b)[\w.-]+/i,
  },
  {
    kind: "a secret set to a value",
    pattern:
      /(?:^|[\s"'{,])[A-Z][A-Z0-9_]*(?:SECRET|TOKEN|PASSWORD|PRIVATE_KEY|API_KEY|SECRET_KEY)["']?\s*[:=]\s*["'](?=[^"'\s]*\d)(?=[^"'\s]*[A-Z])[^"'\s$]{20,}["']/,
  },
];

/** Files that hold no text of anybody's, or hashes by the thousand. */
const UNREAD = /\.(?:png|jpg|jpeg|webp|avif|ico|woff2?|ttf|gz|zip)$|(?:^|\/)package-lock\.json$/i;
/** Names of files that are secrets altogether, wherever they lie. */
const FORBIDDEN =
  /(?:^|\/)(?:\.dev\.vars|\.env)(?:\.(?!example$)[\w.-]+)?$|\.(?:pem|p12|pfx|key)$|(?:^|\/)id_(?:rsa|ed25519|ecdsa)$/;

export function isRead(path: string): boolean {
  return !UNREAD.test(path);
}

/** What looks like a secret in one file, by its path and its text. */
export function findSecrets(path: string, text: string): Finding[] {
  const byName = FORBIDDEN.test(path) ? [{ path, line: 1, kind: "a file of secrets" }] : [];
  const lines = text.split("\n");
  const byForm = lines.flatMap((line, index) =>
    RULES.filter(({ pattern }) => pattern.test(line)).map(({ kind }) => ({ path, line: index + 1, kind })),
  );
  return [...byName, ...byForm];
}
