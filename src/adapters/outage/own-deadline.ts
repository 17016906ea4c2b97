/** Whether a call failed because we gave it up, and not because the other side did. */

const MAX_CAUSES = 8;

/**
 * True for what an `AbortSignal` of ours threw, a time limit or an abort. It says that we did not wait longer, and nothing of
 * whether the other side is up. Libraries wrap what `fetch` threw, so the causes are looked through; Neon's driver calls its
 * cause `sourceError`.
 */
export function isOwnDeadline(error: unknown): boolean {
  let current = error;
  for (let depth = 0; depth < MAX_CAUSES && typeof current === "object" && current !== null; depth += 1) {
    const { name, cause, sourceError } = current as {
      name?: unknown;
      cause?: unknown;
      sourceError?: unknown;
    };
    if (name === "TimeoutError" || name === "AbortError") return true;
    current = sourceError ?? cause;
  }
  return false;
}
