/** What `npm run dev` and `npm run platform` share: one clear sentence on failure, and an orderly end on Ctrl-C. */
import { describeStartFailure } from "./state-files.ts";

export interface Running {
  /** Stops everything. */
  readonly stop: () => Promise<void>;
  /** Resolves with a sentence when something essential ended by itself. */
  readonly ended: Promise<string>;
}

/**
 * Runs until a signal asks for the end or something essential has ended by itself, then ends this process: with code 0 where
 * it was asked to, else with 1.
 *
 * @param start starts everything, or rejects with nothing left running; should its signal be aborted, the sooner the better
 */
export async function runUntilStopped(start: (asked: AbortSignal) => Promise<Running>): Promise<never> {
  const stopping = new AbortController();
  // Handled for good, not once: an impatient second Ctrl-C must not end us in the middle of stopping the parts.
  const asked = new Promise<null>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (!stopping.signal.aborted) console.log("stopping …");
        stopping.abort(new Error("asked to stop"));
        resolve(null);
      });
    }
  });
  // Not left to an empty event loop: one forgotten timer or process would hold the terminal for good.
  process.exit((await endedWell(start, stopping.signal, asked)) ? 0 : 1);
}

async function endedWell(
  start: (asked: AbortSignal) => Promise<Running>,
  stopping: AbortSignal,
  asked: Promise<null>,
): Promise<boolean> {
  let running: Running;
  try {
    running = await start(stopping);
  } catch (error) {
    // A Ctrl-C reaches the programs of a start as well, and what they fail with then is no failure.
    if (!stopping.aborted) console.error(describeStartFailure(error));
    return stopping.aborted;
  }
  const reason = await Promise.race([asked, running.ended]);
  if (reason !== null) console.error(reason);
  try {
    await running.stop();
  } catch (error) {
    console.error(describeStartFailure(error));
    return false;
  }
  return reason === null;
}
