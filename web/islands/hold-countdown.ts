/** The clock of an order's hold: ticks, warns near the end, and says when it is over. */
import { clockText } from "../countdown.ts";
import { holdTone, holdWarning, type HoldTone } from "../hold-tone.ts";
import { announce } from "./live-region.ts";
import { noteServerTime, serverNow, whenServerTimeIsKnown } from "./server-clock.ts";
import { setText, show } from "./show.ts";
import { localiseTimes } from "./local-time.ts";

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
  noteServerTime(element.dataset["serverTime"]);
  let until = Date.parse(element.dataset["holdUntil"] ?? "");
  if (!Number.isFinite(until)) return null;
  const clock = element.querySelector("[data-hold-clock]");
  let tone: HoldTone | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tick = () => {
    const serverMs = serverNow();
    if (!element.isConnected || serverMs === null) return;
    const remainingMs = until - serverMs;
    if (clock !== null) clock.textContent = clockText(remainingMs);
    const now = holdTone(remainingMs);
    if (now !== tone) {
      tell(element, now);
      // Spoken where it changes, not where the page opens with it: a screen reader reads that by itself.
      if (tone !== null && holdWarning(now) !== "") announce(holdWarning(now));
      tone = now;
    }
    if (remainingMs <= 0) onEnd();
    else timer = setTimeout(tick, remainingMs % 1000 || 1000);
  };
  whenServerTimeIsKnown(tick);
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

/** What is seen of a tone: colours, and words beside the clock. */
function tell(element: HTMLElement, tone: HoldTone): void {
  element.dataset["tone"] = tone;
  const warning = element.querySelector("[data-hold-warning]");
  setText(warning, holdWarning(tone));
  show(warning, holdWarning(tone) !== "");
  show(element.querySelector("[data-hold-running]"), tone !== "ended");
  show(element.querySelector("[data-hold-ended]"), tone === "ended");
}
