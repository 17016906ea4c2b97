/** The countdown to a drop: boxes that tick in the browser; without it the moment itself is what counts. */
import { countdownParts, spokenRemaining, twoDigits } from "../countdown.ts";

export interface CountdownClockProps {
  /** RFC 3339: the moment counted down to. */
  readonly until: string;
  /** What opens then: the browser asks about it, and learns the server's time from the answer. Without it the clock stands. */
  readonly sku?: string;
  /** Epoch ms on the server. */
  readonly now: number;
}

/** The page is kept and shared: as coarse as this, it stays the same for a while. The browser ticks to the second. */
const SERVER_STEP_MS = 60_000;
const UNITS = ["days", "hours", "minutes", "seconds"] as const;

export function CountdownClock({ until, sku, now }: CountdownClockProps) {
  const remainingMs = Date.parse(until) - Math.floor(now / SERVER_STEP_MS) * SERVER_STEP_MS;
  const parts = countdownParts(remainingMs);
  return (
    <div
      class="countdown"
      data-countdown={until}
      data-countdown-sku={sku}
      role="timer"
      aria-label={`Opens in ${spokenRemaining(remainingMs)}`}
    >
      {UNITS.map((unit) => (
        <span class="countdown-unit" aria-hidden="true">
          <span class="countdown-number" data-countdown-unit={unit}>
            {twoDigits(parts[unit])}
          </span>
          <span class="countdown-word">{unit}</span>
        </span>
      ))}
    </div>
  );
}
