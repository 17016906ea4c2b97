/** How long something takes, as people say it. */

/** `a few seconds`, `about 20 seconds`, `about 3 minutes`. @param seconds whole, as estimated */
export function waitText(seconds: number): string {
  if (seconds <= 5) return "a few seconds";
  if (seconds <= 55) return `about ${String(Math.ceil(seconds / 5) * 5)} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "about a minute" : `about ${String(minutes)} minutes`;
}
