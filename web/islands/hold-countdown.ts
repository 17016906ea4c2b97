/** The clock of an order's hold: ticks, warns near the end, and says when it is over. */
import { clockText, spokenRemaining } from "../countdown.ts";
import { announce } from "./live-region.ts";
import { noteServerTime, serverNow } from "./server-clock.ts";
import { show } from "./show.ts";
import { localiseTimes } from "./local-time.ts";

/** From here on the clock is shown as urgent. */
const WARN_MS = 2 * 60_000;
/** Spoken once each: often enough to act on, rare enough not to disturb typing. */
const SPOKEN_AT_MS = [5 * 60_000, 2 * 60_000, 30_000];

export interface HoldCountdown {
  /** Moves the end, e.g. once paying has begun. RFC 3339. */
  extendTo(until: string): void;
  /** Epoch ms. */
  readonly until: () => number;
}

/**
 * Starts the clock below `root`.
 *
 * @param onEnd called when the hold's time is up
 * @returns null where the page shows no hold
 */
export function startHoldCountdown(root: ParentNode, onEnd: () => void): HoldCountdown | null {
  const element = root.querySelector<HTMLElement>("[data-hold-until]");
  if (element === null) return null;
  noteServerTime({ serverTime: element.dataset["serverTime"] });
  let until = Date.parse(element.dataset["holdUntil"] ?? "");
  if (!Number.isFinite(until)) return null;
  const clock = element.querySelector("[data-hold-clock]");
  let lastMs = Number.POSITIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tick = () => {
    if (!element.isConnected) return;
    const remainingMs = until - serverNow();
    if (clock !== null) clock.textContent = clockText(remainingMs);
    element.dataset["tone"] = remainingMs <= 0 ? "ended" : remainingMs <= WARN_MS ? "warning" : "calm";
    const crossed = SPOKEN_AT_MS.find(
      (mark) => lastMs > mark && remainingMs <= mark && Number.isFinite(lastMs),
    );
    if (crossed !== undefined && remainingMs > 0)
      announce(`Your items are held for another ${spokenRemaining(remainingMs)}.`);
    lastMs = remainingMs;
    show(element.querySelector("[data-hold-running]"), remainingMs > 0);
    show(element.querySelector("[data-hold-ended]"), remainingMs <= 0);
    if (remainingMs <= 0) onEnd();
    else timer = setTimeout(tick, remainingMs % 1000 || 1000);
  };
  tick();
  return {
    until: () => until,
    extendTo(later) {
      const moved = Date.parse(later);
      if (!Number.isFinite(moved) || moved === until) return;
      until = moved;
      const time = element.querySelector<HTMLTimeElement>("time");
      if (time !== null) time.dateTime = later;
      localiseTimes(element);
      clearTimeout(timer);
      tick();
    },
  };
}
