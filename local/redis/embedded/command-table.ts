/** The shape of a command in the embedded engine. */
import type { BinaryString, ErrorReply } from "../reply.ts";
import type { Keyspace } from "./keyspace.ts";

/** A status line such as OK: the same text for clients, but a table `{ok = …}` for scripts. */
export interface StatusReply {
  readonly status: string;
}

export type EmbeddedReply =
  BinaryString | number | null | StatusReply | ErrorReply | readonly EmbeddedReply[];

export interface CommandSpec {
  /** As Redis counts: the name included; exact where positive, at least where negative. */
  readonly arity: number;
  /** Runs the command; `args` come without its name. Throws CommandError to refuse. */
  readonly run: (keyspace: Keyspace, args: readonly BinaryString[]) => EmbeddedReply;
}

export type CommandTable = Readonly<Record<string, CommandSpec>>;

export const OK: StatusReply = { status: "OK" };
