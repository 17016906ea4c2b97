/** The parts of a form that ask for a person: with the widget, without it, and for who was taken for a program. */
import { describe, expect, it } from "vitest";
import { PersonCheck, PersonCheckNotice, type PersonCheckView } from "./person-check.tsx";

const CHECK: PersonCheckView = {
  action: "sign_up",
  siteKey: "site-key",
  scriptUrl: "https://challenges.cloudflare.com/turnstile/v0/api.js",
  waitTicket: "wait.1.abc.tag",
  secondsLeft: 30,
  isWaiting: false,
};
const drawn = (element: unknown) => String(element);

describe("the person's check of a form", () => {
  it("names what its token is for, and begins the wait of those without JavaScript", () => {
    const html = drawn(PersonCheck({ check: CHECK }));
    expect(html).toContain('data-person-check="sign_up"');
    expect(html).toContain('data-sitekey="site-key"');
    expect(html).toContain('<input type="hidden" name="waitTicket" value="wait.1.abc.tag"/>');
    expect(html).toMatch(/<noscript>.*30 seconds after it was opened.*<\/noscript>/s);
  });

  it("shows no widget to whom it was no help", () => {
    const html = drawn(PersonCheck({ check: { ...CHECK, isWaiting: true } }));
    expect(html).not.toContain("data-person-check-widget");
    expect(html).toContain("wait.1.abc.tag");
  });

  it("is not there where nobody is asked", () => {
    expect(drawn(PersonCheck({ check: null }))).not.toContain("waitTicket");
  });

  it("says to a person caught by mistake how long to wait, and where to turn", () => {
    const waiting = drawn(PersonCheckNotice({ secondsLeft: 1 }));
    expect(waiting).toContain("Please wait 1 second, then press the button again.");
    expect(waiting).toContain('href="/help#contact"');
    expect(drawn(PersonCheckNotice({ secondsLeft: 0 }))).toContain("Please press the button again.");
  });
});
