/** The stand-in's tokens and what siteverify says of them: good once, for five minutes, with the place and purpose they were made for. */
import { randomBytes } from "node:crypto";
import { DUMMY_TOKEN, TEST_SECRETS } from "./keys.ts";

const TOKEN_LIFE_MS = 5 * 60_000;
/** The oldest are forgotten past that many. */
const MAX_TOKENS = 50_000;

export interface TokenDetails {
  readonly siteKey: string;
  readonly hostname: string;
  readonly action: string | null;
  readonly cData: string | null;
  /** When the challenge was passed, epoch ms. */
  readonly passedAt: number;
}

export interface SiteverifyRequest {
  readonly secret: string;
  readonly response: string;
  readonly idempotencyKey: string | null;
}

/** As Cloudflare documents it. */
export interface SiteverifyAnswer {
  readonly success: boolean;
  readonly "error-codes": readonly string[];
  readonly messages: readonly string[];
  readonly challenge_ts?: string;
  readonly hostname?: string;
  readonly action?: string;
  readonly cdata?: string;
}

interface KeptToken extends TokenDetails {
  /** Null until it is used; then the idempotency key of that use, or an empty text. */
  usedBy: string | null;
}

export class TokenBook {
  readonly #siteKey: string;
  readonly #secretKey: string;
  readonly #tokens = new Map<string, KeptToken>();

  /** @param secretKey the one secret, beside Cloudflare's test secrets, whose tokens are judged in earnest */
  constructor(siteKey: string, secretKey: string) {
    this.#siteKey = siteKey;
    this.#secretKey = secretKey;
  }

  /** A token that a widget hands to its page. */
  issue(details: TokenDetails): string {
    if (details.siteKey !== this.#siteKey) return DUMMY_TOKEN;
    const token = `0.${randomBytes(120).toString("base64url")}`;
    this.#tokens.set(token, { ...details, usedBy: null });
    if (this.#tokens.size > MAX_TOKENS) {
      const [oldest] = this.#tokens.keys();
      if (oldest !== undefined) this.#tokens.delete(oldest);
    }
    return token;
  }

  /** @param now epoch ms */
  verify({ secret, response, idempotencyKey }: SiteverifyRequest, now: number): SiteverifyAnswer {
    if (secret === "") return refusal("missing-input-secret");
    const test = TEST_SECRETS.get(secret);
    if (test === undefined && secret !== this.#secretKey) return refusal("invalid-input-secret");
    if (response === "") return refusal("missing-input-response");
    if (test === "always fails") return refusal("invalid-input-response");
    if (test === "always spent") return refusal("timeout-or-duplicate");
    if (test === "always passes") {
      return success({ hostname: "example.com", action: null, cData: null, passedAt: now });
    }
    const kept = this.#tokens.get(response);
    if (kept === undefined) return refusal("invalid-input-response");
    const isRepeated = idempotencyKey !== null && kept.usedBy === idempotencyKey;
    if (kept.usedBy !== null && !isRepeated) return refusal("timeout-or-duplicate");
    if (now - kept.passedAt > TOKEN_LIFE_MS) return refusal("timeout-or-duplicate");
    kept.usedBy = idempotencyKey ?? "";
    return success(kept);
  }
}

function success(token: Omit<TokenDetails, "siteKey">): SiteverifyAnswer {
  return {
    success: true,
    "error-codes": [],
    messages: [],
    challenge_ts: new Date(token.passedAt).toISOString(),
    hostname: token.hostname,
    action: token.action ?? "",
    cdata: token.cData ?? "",
  };
}

function refusal(code: string): SiteverifyAnswer {
  return { success: false, "error-codes": [code], messages: [] };
}
