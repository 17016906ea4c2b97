/**
 * A wait that has begun, written down and signed: what stands in for a challenge where none can be had. It names the purpose and the
 * network, so that it cannot be kept in stock by one and used by many.
 */
import { BASE32_CLASS, toBase32 } from "./base32.ts";
import { sameText, sign, type SigningKey, type SigningKeys } from "./signing-keys.ts";

const TAG_BYTES = 15;
/** How every ticket begins: tells it from a token of Turnstile's. */
export const WAIT_TICKET_PREFIX = "wait.";
/** Key version, epoch seconds in base 36, signature. */
const TICKET = new RegExp(`^wait\\.([0-9a-z])\\.([0-9a-z]{1,9})\\.(${BASE32_CLASS}{24})$`);

export interface Wait {
  readonly action: string;
  readonly network: string;
}

/** @param begunAt epoch ms; kept in whole seconds, rounded up, so that no wait is shorter than it should be */
export function waitTicket(keys: SigningKeys, wait: Wait, begunAt: number): string {
  const seconds = Math.ceil(begunAt / 1000).toString(36);
  return `${WAIT_TICKET_PREFIX}${keys.current.version}.${seconds}.${tagOf(keys.current, wait, seconds)}`;
}

/** When the wait began (epoch ms), or null where the ticket is not ours or not for this. */
export function readWaitTicket(keys: SigningKeys, wait: Wait, ticket: string): number | null {
  const [, version = "", seconds = "", tag = ""] = TICKET.exec(ticket) ?? [];
  const key = keys.byVersion.get(version);
  if (key === undefined || !sameText(tagOf(key, wait, seconds), tag)) return null;
  return parseInt(seconds, 36) * 1000;
}

function tagOf(key: SigningKey, { action, network }: Wait, seconds: string): string {
  return toBase32(sign(key, "wait-ticket", action, network, seconds), TAG_BYTES);
}
