/** EVAL, EVALSHA and SCRIPT: the cache of scripts and their way through Lua. */
import { scriptSha, withoutShebang } from "../script-shebang.ts";
import type { BinaryString } from "../reply.ts";
import { at, toInteger } from "./arguments.ts";
import { CommandError } from "./command-error.ts";
import { OK } from "./command-table.ts";
import type { EmbeddedReply } from "./command-table.ts";
import { startLuaRuntime } from "./lua-runtime.ts";
import type { LuaRuntime } from "./lua-runtime.ts";
import { decodeResp, encodeResp } from "./resp.ts";

/** Beyond it all are forgotten at once; callers meet NOSCRIPT and send theirs again. */
const MAX_CACHED_SCRIPTS = 500;
/** In place of the number of keys: compile only. */
const COMPILE_ONLY = -1;

const NO_SCRIPT = "NOSCRIPT No matching script. Please use EVAL.";

export class Scripts {
  readonly #runtime: LuaRuntime;
  readonly #takeFault: () => Error | undefined;
  readonly #sourceBySha = new Map<string, BinaryString>();
  #forgetCompiled = false;

  private constructor(runtime: LuaRuntime, takeFault: () => Error | undefined) {
    this.#runtime = runtime;
    this.#takeFault = takeFault;
  }

  /** Boots Lua; `call` runs one command of a script and answers errors as replies. */
  static async start(call: (command: readonly BinaryString[]) => EmbeddedReply): Promise<Scripts> {
    let fault: Error | undefined;
    const runtime = await startLuaRuntime((request) => {
      const command = decodeResp(request);
      try {
        return encodeResp(call(Array.isArray(command) ? (command as BinaryString[]) : []));
      } catch (error) {
        // An exception must not unwind through Lua: it is kept and thrown when the script is over.
        fault = error instanceof Error ? error : new Error(String(error));
        return "-ERR internal error\r\n";
      }
    });
    return new Scripts(runtime, () => {
      const taken = fault;
      fault = undefined;
      return taken;
    });
  }

  /** EVAL's arguments: source, number of keys, keys and arguments. */
  evaluate(args: readonly BinaryString[]): EmbeddedReply {
    const source = at(args, 0);
    const keyCount = this.#keyCount(args);
    const sha = scriptSha(source);
    this.#remember(sha, source);
    return this.#run(sha, source, keyCount, args.slice(2));
  }

  /** EVALSHA's arguments: SHA, number of keys, keys and arguments. */
  evaluateSha(args: readonly BinaryString[]): EmbeddedReply {
    const sha = at(args, 0).toLowerCase();
    const keyCount = this.#keyCount(args);
    const source = this.#sourceBySha.get(sha);
    if (source === undefined) throw new CommandError(NO_SCRIPT);
    return this.#run(sha, source, keyCount, args.slice(2));
  }

  /** SCRIPT LOAD, EXISTS and FLUSH. */
  manage(args: readonly BinaryString[]): EmbeddedReply {
    const subcommand = at(args, 0).toLowerCase();
    if (subcommand === "load" && args.length === 2) {
      const sha = scriptSha(at(args, 1));
      const outcome = this.#run(sha, at(args, 1), COMPILE_ONLY, []);
      if (typeof outcome === "object" && outcome !== null && "error" in outcome) return outcome;
      this.#remember(sha, at(args, 1));
      return sha;
    }
    if (subcommand === "exists" && args.length >= 2) {
      return args.slice(1).map((sha) => (this.#sourceBySha.has(sha.toLowerCase()) ? 1 : 0));
    }
    if (subcommand === "flush" && args.length <= 2) {
      this.#forgetAll();
      return OK;
    }
    throw new CommandError(
      `ERR unknown subcommand or wrong number of arguments for '${at(args, 0)}'. Try SCRIPT HELP.`,
    );
  }

  close(): void {
    this.#runtime.close();
  }

  #keyCount(args: readonly BinaryString[]): number {
    const count = toInteger(at(args, 1));
    if (count < 0) throw new CommandError("ERR Number of keys can't be negative");
    if (count > args.length - 2) {
      throw new CommandError("ERR Number of keys can't be greater than number of args");
    }
    return count;
  }

  #run(
    sha: string,
    source: BinaryString,
    keyCount: number,
    keysAndArguments: readonly BinaryString[],
  ): EmbeddedReply {
    const forget = this.#forgetCompiled ? "1" : "0";
    this.#forgetCompiled = false;
    const input = [sha, withoutShebang(source), forget, String(keyCount), ...keysAndArguments];
    const output = this.#runtime.run(encodeResp(input));
    const fault = this.#takeFault();
    if (fault !== undefined) throw fault;
    return decodeResp(output);
  }

  #remember(sha: string, source: BinaryString): void {
    if (!this.#sourceBySha.has(sha) && this.#sourceBySha.size >= MAX_CACHED_SCRIPTS) this.#forgetAll();
    this.#sourceBySha.set(sha, source);
  }

  #forgetAll(): void {
    this.#sourceBySha.clear();
    this.#forgetCompiled = true;
  }
}
