/** How remaining time reads: shared by the server's first rendering and the browser's ticking. Pure. */

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export interface CountdownParts {
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

/** Splits remaining milliseconds (rounded up to a second, never negative) into days, hours, minutes and seconds. */
export function countdownParts(remainingMs: number): CountdownParts {
  const rounded = Math.max(0, Math.ceil(remainingMs / SECOND_MS)) * SECOND_MS;
  return {
    days: Math.floor(rounded / DAY_MS),
    hours: Math.floor((rounded % DAY_MS) / HOUR_MS),
    minutes: Math.floor((rounded % HOUR_MS) / MINUTE_MS),
    seconds: Math.floor((rounded % MINUTE_MS) / SECOND_MS),
  };
}

/** A clock for short spans: `29:05`, and `1:04:09` from one hour on. */
export function clockText(remainingMs: number): string {
  const { days, hours, minutes, seconds } = countdownParts(remainingMs);
  const allHours = days * 24 + hours;
  if (allHours > 0) return `${allHours}:${twoDigits(minutes)}:${twoDigits(seconds)}`;
  return `${minutes}:${twoDigits(seconds)}`;
}

/** For screen readers, in coarse steps: `2 days 3 hours`, `4 minutes`, `30 seconds`. */
export function spokenRemaining(remainingMs: number): string {
  const { days, hours, minutes, seconds } = countdownParts(remainingMs);
  if (days > 0) return joinUnits([unit(days, "day"), hours > 0 ? unit(hours, "hour") : null]);
  if (hours > 0) return joinUnits([unit(hours, "hour"), minutes > 0 ? unit(minutes, "minute") : null]);
  if (minutes > 0) return unit(minutes, "minute");
  return unit(seconds, "second");
}

export function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

function unit(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

function joinUnits(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(" ");
}
