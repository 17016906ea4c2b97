/** The reply format of Redis (RESP2) on binary strings: how replies cross into Lua and results come back. */
import type { BinaryString } from "../reply.ts";
import type { EmbeddedReply } from "./command-table.ts";

/** A reply as RESP2. */
export function encodeResp(reply: EmbeddedReply): BinaryString {
  if (reply === null) return "$-1\r\n";
  if (typeof reply === "number") return `:${String(reply)}\r\n`;
  if (typeof reply === "string") return `$${String(reply.length)}\r\n${reply}\r\n`;
  if ("status" in reply) return `+${reply.status}\r\n`;
  if ("error" in reply) return `-${reply.error}\r\n`;
  return `*${String(reply.length)}\r\n${reply.map(encodeResp).join("")}`;
}

/** Reads one RESP2 reply; anything else is a fault. */
export function decodeResp(text: BinaryString): EmbeddedReply {
  let position = 0;
  const line = (): string => {
    const end = text.indexOf("\r\n", position);
    if (end === -1) throw new Error("incomplete RESP reply");
    const found = text.slice(position, end);
    position = end + 2;
    return found;
  };
  const next = (): EmbeddedReply => {
    const head = line();
    const rest = head.slice(1);
    switch (head.charAt(0)) {
      case "+":
        return { status: rest };
      case "-":
        return { error: rest };
      case ":":
        return Number(rest);
      case "$": {
        const length = Number(rest);
        if (length < 0) return null;
        const bulk = text.slice(position, position + length);
        position += length + 2;
        return bulk;
      }
      case "*":
        return Array.from({ length: Number(rest) }, next);
      default:
        throw new Error("not a RESP reply");
    }
  };
  return next();
}
