/**
 * Ticks the countdowns to a drop and opens what waits for it, without a reload. By the server's time: until that is known a
 * countdown stands as the server drew it.
 */
import { countdownParts, spokenRemaining, twoDigits } from "../countdown.ts";
import { announce } from "./live-region.ts";
import { serverNow, whenServerTimeIsKnown } from "./server-clock.ts";
import { show } from "./show.ts";

const UNITS = ["days", "hours", "minutes", "seconds"] as const;

/**
 * Runs every countdown below `root`.
 *
 * @param onEnd called once when a countdown reaches its moment while being watched
 */
export function startCountdowns(root: ParentNode, onEnd?: () => void): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-countdown]")) {
    const until = Date.parse(element.dataset["countdown"] ?? "");
    if (!Number.isFinite(until)) continue;
    whenServerTimeIsKnown(() => {
      run(element, until, onEnd);
    });
  }
}

function run(element: HTMLElement, until: number, onEnd: (() => void) | undefined): void {
  const numbers = UNITS.map(
    (unit) => [unit, element.querySelector(`[data-countdown-unit="${unit}"]`)] as const,
  );
  let spoken = "";
  const tick = () => {
    // A part of the page that was replaced takes its clock along.
    const now = serverNow();
    if (!element.isConnected || now === null) return;
    const remainingMs = until - now;
    const parts = countdownParts(remainingMs);
    for (const [unit, target] of numbers) if (target !== null) target.textContent = twoDigits(parts[unit]);
    const words = spokenRemaining(remainingMs);
    if (words !== spoken && remainingMs > 60_000) element.setAttribute("aria-label", `Opens in ${words}`);
    spoken = words;
    if (remainingMs <= 0) {
      for (const waiting of document.querySelectorAll("[data-countdown-hides]")) show(waiting, false);
      for (const opened of document.querySelectorAll("[data-countdown-shows]")) show(opened);
      show(element, false);
      announce("On sale now.");
      onEnd?.();
      return;
    }
    // To the next full second of the countdown, so that it never skips one.
    setTimeout(tick, remainingMs % 1000 || 1000);
  };
  tick();
}
