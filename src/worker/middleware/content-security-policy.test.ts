/** What each kind of page may load, and from whom. */
import { describe, expect, test } from "vitest";
import {
  pagePolicy,
  runsForeignCode,
  SHARED_PAGE_POLICY,
  type ThirdParty,
} from "./content-security-policy.ts";

const ADDRESSES = {
  stripeJsUrl: "https://js.stripe.com/v3/",
  stripeApiUrl: "https://api.stripe.com",
  turnstileUrl: "https://challenges.cloudflare.com/turnstile/v0/api.js",
};

/** A policy's directives by name. */
function directives(thirdParties: readonly ThirdParty[], nonce?: string): Record<string, string> {
  const policy = pagePolicy(thirdParties, ADDRESSES, nonce);
  return Object.fromEntries(
    policy.split("; ").map((directive) => {
      const [name = "", ...values] = directive.split(" ");
      return [name, values.join(" ")];
    }),
  );
}

describe("the policy of a shared page", () => {
  test("lets our own files in, nothing inline and nobody else", () => {
    expect(pagePolicy([], ADDRESSES, undefined)).toBe(SHARED_PAGE_POLICY);
    expect(SHARED_PAGE_POLICY.split("; ")).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "font-src 'self'",
      "connect-src 'self'",
      "manifest-src 'self'",
      "worker-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types holdfast",
      "report-uri /api/csp-reports",
    ]);
  });
});

describe("the policy of a page with foreign code", () => {
  test("trusts what bears the nonce and what that loads; Stripe only where Stripe is", () => {
    const policy = directives(["stripe"], "abc");
    expect(policy["script-src"]).toBe(
      "'nonce-abc' 'strict-dynamic' 'self' https://js.stripe.com https://*.js.stripe.com",
    );
    expect(policy["frame-src"]).toBe(
      "https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com",
    );
    expect(policy["connect-src"]).toBe(
      "'self' https://api.stripe.com https://js.stripe.com https://*.js.stripe.com",
    );
    expect(policy["img-src"]).toBe("'self' https://*.stripe.com");
    expect(policy["form-action"]).toBe("'self'");
    expect(JSON.stringify(policy)).not.toContain("challenges");
  });

  test("lets Turnstile frame its challenge, and nothing of Stripe's", () => {
    const policy = directives(["turnstile"], "abc");
    expect(policy["frame-src"]).toBe("https://challenges.cloudflare.com");
    expect(policy["script-src"]).toContain("'nonce-abc' 'strict-dynamic'");
    expect(JSON.stringify(policy)).not.toContain("stripe");
  });

  test("names each origin once where there are two", () => {
    const policy = directives(["stripe", "turnstile"], "abc");
    const frames = policy["frame-src"]?.split(" ") ?? [];
    expect(new Set(frames).size).toBe(frames.length);
    expect(frames).toContain("https://challenges.cloudflare.com");
  });

  test("never lets anything inline run, whoever is there", () => {
    for (const thirdParties of [["stripe"], ["turnstile"], ["sign-in-providers"]] as const) {
      expect(pagePolicy(thirdParties, ADDRESSES, "abc")).not.toContain("unsafe");
    }
  });
});

describe("the policy of a page with foreign sign-in", () => {
  test("lets a form end at the providers, and still runs only our own code", () => {
    const policy = directives(["sign-in-providers"]);
    expect(policy["form-action"]).toBe("'self' https://accounts.google.com https://appleid.apple.com");
    expect(policy["script-src"]).toBe("'self'");
    expect(policy["trusted-types"]).toBe("holdfast");
    expect(runsForeignCode(["sign-in-providers"])).toBe(false);
  });
});
