import { expect, it } from "vitest";
import { mailboxOf } from "./mail-limit.ts";

it.each([
  ["ada@example.com", "ada@example.com"],
  ["ada+shop@example.com", "ada@example.com"],
  ["ada+a+b@example.com", "ada@example.com"],
  ["+ada@example.com", "+ada@example.com"],
  ["ada@exa+mple.com", "ada@exa+mple.com"],
])("counts %s as the mailbox %s", (email, mailbox) => {
  expect(mailboxOf(email)).toBe(mailbox);
});
