/** Says something to screen readers without moving focus. */

export function announce(text: string): void {
  const region = document.querySelector("[data-live-region]");
  if (region !== null) region.textContent = text;
}
