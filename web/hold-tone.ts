/** How urgent the end of a hold is, and what is said about it: for server and browser. Pure. */

const MINUTE_MS = 60_000;
/** From here on the clock warns, and again, louder. */
const WARNING_MS = 5 * MINUTE_MS;
const URGENT_MS = MINUTE_MS;

export type HoldTone = "calm" | "warning" | "urgent" | "ended";

export function holdTone(remainingMs: number): HoldTone {
  if (remainingMs <= 0) return "ended";
  if (remainingMs <= URGENT_MS) return "urgent";
  return remainingMs <= WARNING_MS ? "warning" : "calm";
}

/** Shown beside the clock, and spoken once where the tone changes; empty where there is nothing to warn of. */
export function holdWarning(tone: HoldTone): string {
  if (tone === "warning") return "Less than 5 minutes left to pay.";
  if (tone === "urgent") return "Less than a minute left, then your items go back on sale.";
  return "";
}
