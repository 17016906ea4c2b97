/** The pages of an account: what browsers and password managers are told, what is shown again, and what never is. */
import { describe, expect, it } from "vitest";
import { ACCOUNT_FIELDS, adviceFor } from "../account-rules.ts";
import { NO_ANSWER } from "../components/account-entry.tsx";
import { sampleAccountPages } from "../preview/sample-account.tsx";
import { renderPage } from "../render.ts";
import { SecurityPage, type SecurityPageProps } from "./account-security.tsx";
import { SignInPage, type SignInPageProps } from "./account-sign-in.tsx";

const site = { origin: "https://store.example" };
const samples = sampleAccountPages(site, Date.UTC(2026, 10, 22, 12));
const sampleOf = (name: string): string => {
  const html = samples[name];
  if (html === undefined) throw new Error(`there is no sample "${name}"`);
  return html;
};

const signInPage = (props: Partial<SignInPageProps> = {}) =>
  renderPage(
    SignInPage({
      site,
      email: "",
      remember: true,
      next: "/account",
      providers: [],
      answer: NO_ANSWER,
      ...props,
    }),
  );

const securityPage = (props: Partial<SecurityPageProps> = {}) =>
  renderPage(
    SecurityPage({
      site,
      email: "ada@example.com",
      sessions: { kind: "shown", items: [] },
      passkeys: { kind: "shown", items: [] },
      ...props,
    }),
  );

describe("the pages of an account", () => {
  it("are not for search engines", () => {
    for (const [name, html] of Object.entries(samples))
      expect(html, name).toContain('<meta name="robots" content="noindex" />');
  });

  it("tell password managers what each field is", () => {
    expect(signInPage()).toMatch(/id="field-email"[^>]*autocomplete="username webauthn"/);
    expect(signInPage()).toMatch(/type="password"[^>]*autocomplete="current-password"/);
    for (const name of ["account-sign-up", "account-reset", "account-verify"])
      expect(sampleOf(name)).toMatch(/type="password"[^>]*autocomplete="new-password"/);
    expect(securityPage()).toMatch(/value="ada@example.com" autocomplete="username" hidden/);
  });

  it("never send a password back", () => {
    for (const [name, html] of Object.entries(samples))
      for (const [field] of html.matchAll(/<input[^>]*type="password"[^>]*>/g))
        expect(field, name).toMatch(/ value=""/);
  });

  it("say what is wrong above the form and at the field, and bring the focus there", () => {
    const html = sampleOf("account-sign-up-errors");
    expect(html).toMatch(/role="alert" tabindex="-1" autofocus/);
    expect([...html.matchAll(/href="#(field-\w+)"/g)].map(([, id]) => id)).toEqual([
      "field-name",
      "field-password",
    ]);
    expect(html).toMatch(/id="field-name"[^>]*aria-invalid="true"[^>]*aria-describedby="field-name-error"/);
    expect(html).toContain('value="ada@example.com"');
  });
});

describe("the page to sign in", () => {
  it("offers Google and Apple only where the store has their keys", () => {
    expect(signInPage()).not.toContain("Continue with");
    const html = signInPage({ providers: ["apple"] });
    expect([html.includes("Continue with Apple"), html.includes("Continue with Google")]).toEqual([
      true,
      false,
    ]);
  });

  it("keeps where it goes on, and whether to stay signed in", () => {
    const html = signInPage({ next: "/orders/find?x=1", remember: false });
    expect(html).toContain('name="next" value="/orders/find?x=1"');
    expect(html).not.toMatch(/name="remember"[^>]*checked/);
    expect(signInPage()).toMatch(/name="remember"[^>]*checked/);
  });
});

describe("the page of what protects an account", () => {
  const session = {
    id: "session-1",
    userAgent: null,
    address: null,
    signedInAt: "2026-11-22T12:00:00.000Z",
    isThis: true,
  };

  it("ends any session but this one by itself", () => {
    const only = securityPage({ sessions: { kind: "shown", items: [session] } });
    expect(only).not.toContain('action="/account/security/sessions/end"');
    expect(only).not.toContain("end-others");
    expect(only).toContain("end-all");
    const other = { ...session, id: "session-2", isThis: false };
    const both = securityPage({ sessions: { kind: "shown", items: [session, other] } });
    expect(both.match(/name="id" value="session-2"/g)).toHaveLength(1);
    expect(both).not.toContain('value="session-1"');
  });

  it("asks for a sign-in where the last one is long ago, and can still end all sessions", () => {
    const html = securityPage({ sessions: { kind: "sign_in_again" } });
    expect(html).toContain('href="/account/sign-in?again=1&amp;next=/account/security"');
    expect([html.includes("end-others"), html.includes("end-all")]).toEqual([true, true]);
  });
});

describe("advice about a field", () => {
  it("is there for every field, and names the length of a password that is chosen", () => {
    for (const field of ACCOUNT_FIELDS) expect(adviceFor(field, "", false)).toMatch(/^Enter .+\.$/);
    expect(adviceFor("newPassword", "short", true)).toBe("Choose a password of at least 10 characters.");
    expect(adviceFor("email", "a".repeat(255), false)).toBe("This is too long: 254 characters at most.");
  });
});
