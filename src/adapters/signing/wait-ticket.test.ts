/** A signed wait: for one purpose, one network, and from the moment it was begun. */
import { describe, expect, it } from "vitest";
import { parseSigningKeys } from "./signing-keys.ts";
import { readWaitTicket, waitTicket } from "./wait-ticket.ts";

const KEYS = parseSigningKeys(
  "v2:0123456789abcdef0123456789abcdef,v1:fedcba9876543210fedcba9876543210",
  "1:v1:n2:4",
);
const WAIT = { action: "sign_up", network: "192.0.2.1" };
const BEGUN = Date.parse("2026-11-22T17:00:00.400Z");

describe("a wait ticket", () => {
  it("says when the wait began, never earlier than it did", () => {
    const read = readWaitTicket(KEYS, WAIT, waitTicket(KEYS, WAIT, BEGUN));
    expect(read).toBe(Date.parse("2026-11-22T17:00:01Z"));
  });

  it("is good for its own purpose and network only", () => {
    const ticket = waitTicket(KEYS, WAIT, BEGUN);
    expect(readWaitTicket(KEYS, { ...WAIT, action: "place_order" }, ticket)).toBeNull();
    expect(readWaitTicket(KEYS, { ...WAIT, network: "192.0.2.2" }, ticket)).toBeNull();
  });

  it("cannot be made earlier, shortened or made up", () => {
    const ticket = waitTicket(KEYS, WAIT, BEGUN);
    const [prefix, version, seconds = "", tag] = ticket.split(".");
    const earlier = (parseInt(seconds, 36) - 60).toString(36);
    const forged = [`${prefix}.${version}.${earlier}.${tag}`, ticket.slice(0, -1), `${ticket}0`, "wait.", ""];
    for (const text of forged) expect(readWaitTicket(KEYS, WAIT, text)).toBeNull();
  });

  it("outlives a rotation of keys, and not the key", () => {
    const old = parseSigningKeys("v1:fedcba9876543210fedcba9876543210", "1:v1:n2:4");
    const ticket = waitTicket(old, WAIT, BEGUN);
    expect(readWaitTicket(KEYS, WAIT, ticket)).not.toBeNull();
    const another = parseSigningKeys("v1:another-secret-that-is-long-enough-too", "1:v1:n2:4");
    expect(readWaitTicket(another, WAIT, ticket)).toBeNull();
  });
});
