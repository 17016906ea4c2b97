/** Reading expiry arguments of SET, GETEX and EXPIRE into a moment. */
import type { BinaryString } from "../reply.ts";
import { toInteger } from "./arguments.ts";
import { CommandError } from "./command-error.ts";
import type { Keyspace } from "./keyspace.ts";

/** Beyond it a moment is refused, as Redis refuses an overflow. */
const MAX_MOMENT_MS = Number.MAX_SAFE_INTEGER;

/** The moment (ms since the epoch) an option `ex`, `px`, `exat` or `pxat` names; refuses what is not positive. */
export function expiryFrom(
  keyspace: Keyspace,
  option: string,
  text: BinaryString,
  commandName: string,
): number {
  const amount = toInteger(text);
  const moment = momentFrom(keyspace, option, amount, commandName);
  if (amount <= 0) throw invalidExpiry(commandName);
  return moment;
}

/** The same for EXPIRE and its kin, where zero and negative amounts delete the key. */
export function momentFrom(keyspace: Keyspace, option: string, amount: number, commandName: string): number {
  const amountMs = option.startsWith("ex") ? amount * 1000 : amount;
  const moment = option.endsWith("at") ? amountMs : keyspace.nowMs + amountMs;
  if (Math.abs(moment) > MAX_MOMENT_MS) throw invalidExpiry(commandName);
  return moment;
}

function invalidExpiry(commandName: string): CommandError {
  return new CommandError(`ERR invalid expire time in '${commandName}' command`);
}
