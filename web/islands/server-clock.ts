/** The server's time as far as this page knows: shoppers' clocks are wrong, and a drop opens by ours. */

let offsetMs: number | null = null;

/** Learns from an answer of the API that carries `serverTime` or `asOf`, or from a page's own `data-server-time`. */
export function noteServerTime(answer: unknown): void {
  if (typeof answer !== "object" || answer === null) return;
  const stamp = "serverTime" in answer ? answer.serverTime : "asOf" in answer ? answer.asOf : undefined;
  if (typeof stamp !== "string") return;
  const serverMs = Date.parse(stamp);
  if (!Number.isFinite(serverMs)) return;
  // Copies and the way here make a stamp older than it was, never newer: the furthest ahead is the nearest to the truth.
  const sampleMs = serverMs - Date.now();
  offsetMs = offsetMs === null ? sampleMs : Math.max(offsetMs, sampleMs);
}

/** Epoch ms by the server's clock. */
export function serverNow(): number {
  return Date.now() + (offsetMs ?? 0);
}
