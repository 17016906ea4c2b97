/** One part of the local platform: a process of its own that can be stopped and started again at the same address. */
import { join } from "node:path";
import { PROJECT_DIRECTORY } from "./settings.ts";
import { startChild, type RunningChild } from "../process/child.ts";

export interface RunningPart {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts one of our own part programs (`local/<folder>/main.ts`), which prints a JSON ready line.
 *
 * @throws Error with the program's own sentence when it cannot start
 */
export async function startProgram(options: {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
}): Promise<RunningChild> {
  return startChild({
    name: options.name,
    command: process.execPath,
    args: [join(PROJECT_DIRECTORY, "local", options.program), ...options.args],
    cwd: PROJECT_DIRECTORY,
    env: { ...definedEnvironment(), ...options.env },
    readyLine: (line) => line.startsWith('{"ready":true'),
    onLine: (line) => {
      if (!line.startsWith('{"ready":true')) options.onLine?.(line);
    },
  });
}

/** Our own environment as plain strings. */
export function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
