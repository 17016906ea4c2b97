/**
 * What an engine answers to one command.
 *
 * Text travels through both engines as *binary strings*: one UTF-16 unit (0–255) per byte, so that lengths, ranges and
 * orderings are those of bytes, as in Redis. The HTTP edge converts from and to UTF-8.
 */
export type BinaryString = string;

/** An error as Redis words it, e.g. "WRONGTYPE Operation against a key holding the wrong kind of value". */
export interface ErrorReply {
  readonly error: string;
}

export type Reply = BinaryString | number | null | ErrorReply | readonly Reply[];

/** True where a reply is an error. */
export function isErrorReply(reply: Reply): reply is ErrorReply {
  return typeof reply === "object" && reply !== null && "error" in reply;
}

/** UTF-8 text as a binary string. */
export function toBinary(text: string): BinaryString {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** A binary string read as UTF-8; bytes that are not UTF-8 become U+FFFD. */
export function toText(binary: BinaryString): string {
  return Buffer.from(binary, "latin1").toString("utf8");
}
