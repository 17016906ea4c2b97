/** What `npm run dev` and `npm run platform` share: one clear sentence on failure, and an orderly end on Ctrl-C. */

/**
 * Runs until a signal asks for the end or something essential has ended by itself.
 *
 * @param start starts everything; its answer says how to stop it and what ends by itself
 */
export async function runUntilStopped(
  start: () => Promise<{ stop: () => Promise<void>; ended: Promise<string> }>,
): Promise<void> {
  // Handled for good, not once: an impatient second Ctrl-C must not end us in the middle of stopping the parts.
  const asked = new Promise<null>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve(null));
  });
  let running: Awaited<ReturnType<typeof start>>;
  try {
    running = await start();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
    return;
  }
  const reason = await Promise.race([asked, running.ended]);
  if (reason === null) console.log("stopping …");
  else console.error(reason);
  await running.stop();
  process.exit(reason === null ? 0 : 1);
}
