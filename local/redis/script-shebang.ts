/**
 * Takes the hosted service's own script flag away before a script reaches an engine.
 *
 * `@upstash/ratelimit` scripts begin with `#!lua flags=allow-key-locking`, which Redis itself refuses. The line is
 * dropped, and calls by the SHA of the script as its author wrote it are led to the SHA of what the engine knows.
 */
import { createHash } from "node:crypto";
import type { Command } from "./engine.ts";
import type { BinaryString } from "./reply.ts";

/** Shebang lines seen so far; beyond it the oldest is forgotten, and its caller meets NOSCRIPT and sends the script again. */
const MAX_MAPPED_SCRIPTS = 1000;

const HOSTED_FLAG = "allow-key-locking";

/** SHA-1 of a script in lower-case hex. */
export function scriptSha(source: BinaryString): string {
  return createHash("sha1").update(source, "latin1").digest("hex");
}

/** The script without the hosted flag; where no other flag is left, without its whole first line. */
export function withoutHostedFlag(source: BinaryString): BinaryString {
  const firstLineEnd = source.indexOf("\n");
  const firstLine = firstLineEnd === -1 ? source : source.slice(0, firstLineEnd);
  const flags = /^#!lua\b.*?\sflags=(\S+)/.exec(firstLine)?.[1]?.split(",");
  if (flags === undefined || !flags.includes(HOSTED_FLAG)) return source;
  const kept = flags.filter((flag) => flag !== HOSTED_FLAG);
  // Redis counts lines from the script's own first one: an empty line keeps the numbers in error messages right.
  const rest = firstLineEnd === -1 ? "" : source.slice(firstLineEnd);
  return kept.length === 0 ? rest : firstLine.replace(/flags=\S+/, `flags=${kept.join(",")}`) + rest;
}

/** The script without any first line `#!…`, which is not Lua. */
export function withoutShebang(source: BinaryString): BinaryString {
  return source.startsWith("#!") ? source.replace(/^[^\n]*/, "") : source;
}

/** Rewrites script commands on their way to an engine, and replies that name a script on their way back. */
export class ScriptShebangs {
  readonly #engineShaByClientSha = new Map<string, string>();

  /** The command as the engine should get it. */
  rewrite(command: Command): Command {
    const name = command[0]?.toLowerCase();
    if (name === "eval" || name === "eval_ro") return this.#replaceSource(command, 1);
    if (name === "evalsha" || name === "evalsha_ro") {
      return command.map((argument, index) => (index === 1 ? this.#engineSha(argument) : argument));
    }
    if (name !== "script") return command;
    const subcommand = command[1]?.toLowerCase();
    if (subcommand === "load") return this.#replaceSource(command, 2);
    if (subcommand === "exists") {
      return command.map((argument, index) => (index >= 2 ? this.#engineSha(argument) : argument));
    }
    if (subcommand === "flush") this.#engineShaByClientSha.clear();
    return command;
  }

  /** The SHA to answer to `SCRIPT LOAD`: that of the script as it was sent. Undefined for any other command. */
  loadedSha(command: Command): string | undefined {
    if (command[0]?.toLowerCase() !== "script" || command[1]?.toLowerCase() !== "load") return undefined;
    return command[2] === undefined ? undefined : scriptSha(command[2]);
  }

  #engineSha(sha: string): string {
    return this.#engineShaByClientSha.get(sha.toLowerCase()) ?? sha;
  }

  #replaceSource(command: Command, at: number): Command {
    const source = command[at];
    if (source === undefined) return command;
    const replaced = withoutHostedFlag(source);
    if (replaced === source) return command;
    const clientSha = scriptSha(source);
    this.#engineShaByClientSha.delete(clientSha);
    this.#engineShaByClientSha.set(clientSha, scriptSha(replaced));
    if (this.#engineShaByClientSha.size > MAX_MAPPED_SCRIPTS) {
      const oldest = this.#engineShaByClientSha.keys().next();
      if (oldest.done !== true) this.#engineShaByClientSha.delete(oldest.value);
    }
    return command.map((argument, index) => (index === at ? replaced : argument));
  }
}
