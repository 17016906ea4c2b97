/** API keys: the secret key for everything, the publishable key for the few calls that a browser makes. */
import { unauthenticated } from "./errors.ts";
import type { FormObject } from "./form-decoding.ts";

export type ApiKeys = { secretKey: string; publishableKey: string };

export type Caller = "publishable" | "secret";

/**
 * Who is calling, from `Authorization: Bearer <key>`, `Basic <key>:`, or the `key` parameter that Stripe.js uses.
 * Throws a 401 where there is no key, a wrong one, or a publishable one for a call that needs a secret key.
 */
export function authenticate(
  authorization: string | undefined,
  params: FormObject,
  keys: ApiKeys,
  publishableAllowed: boolean,
): Caller {
  const key = keyFromHeader(authorization) ?? (typeof params["key"] === "string" ? params["key"] : "");
  if (key === keys.secretKey) return "secret";
  if (key === keys.publishableKey) {
    if (publishableAllowed) return "publishable";
    const message =
      "This API call cannot be made with a publishable API key. Please use a secret API key. " +
      "You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.";
    throw unauthenticated(message, "secret_key_required");
  }
  if (key === "") {
    const message =
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer " +
      "auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details.";
    throw unauthenticated(message);
  }
  throw unauthenticated(`Invalid API Key provided: ${masked(key)}`, "api_key_invalid");
}

function keyFromHeader(authorization: string | undefined): string | undefined {
  const [scheme, credentials] = (authorization ?? "").split(" ");
  if (credentials === undefined || credentials === "") return undefined;
  if (scheme?.toLowerCase() === "bearer") return credentials;
  if (scheme?.toLowerCase() !== "basic") return undefined;
  return Buffer.from(credentials, "base64").toString("utf8").split(":")[0];
}

function masked(key: string): string {
  return key.length <= 12
    ? "*".repeat(key.length)
    : `${key.slice(0, 8)}${"*".repeat(key.length - 12)}${key.slice(-4)}`;
}
