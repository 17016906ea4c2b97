/** How long an order's items are still held. The browser ticks it and warns near the end. */
import { clockText } from "../countdown.ts";
import { holdTone, holdWarning } from "../hold-tone.ts";
import { ClockIcon } from "./icons.tsx";
import { TimeText } from "./time-text.tsx";

export interface HoldClockProps {
  /** RFC 3339: when the hold ends. */
  readonly until: string;
  /** RFC 3339: the server's time when the order was read, so that a wrong clock in the browser does no harm. */
  readonly serverTime: string;
}

export function HoldClock({ until, serverTime }: HoldClockProps) {
  const remainingMs = Date.parse(until) - Date.parse(serverTime);
  const tone = holdTone(remainingMs);
  const ended = tone === "ended";
  const warning = holdWarning(tone);
  return (
    <div class="hold" data-hold-until={until} data-server-time={serverTime} data-tone={tone}>
      <ClockIcon />
      <p class="hold-text">
        <span data-hold-running hidden={ended}>
          Held for you until <TimeText at={until} style="time" />
        </span>
        <span class="hold-warning" data-hold-warning hidden={warning === ""}>
          {warning}
        </span>
        <span data-hold-ended hidden={!ended}>
          The time is up. Checking your order…
        </span>
      </p>
      <span class="hold-clock" data-hold-clock role="timer" aria-live="off">
        {clockText(remainingMs)}
      </span>
    </div>
  );
}
