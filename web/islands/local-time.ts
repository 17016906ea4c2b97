/** Rewrites moments that the server wrote in UTC into the shopper's own time zone. */

const FORMATS: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  "date-time": {
    month: "short",
    day: "numeric",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  },
  time: { hour: "numeric", minute: "2-digit" },
};

export function localiseTimes(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLTimeElement>("time[data-local-time]")) {
    const at = Date.parse(element.dateTime);
    const format = FORMATS[element.dataset["localTime"] ?? ""];
    if (Number.isFinite(at) && format !== undefined)
      element.textContent = new Intl.DateTimeFormat("en-US", format).format(at);
  }
}
