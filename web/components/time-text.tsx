/** A moment as text: in UTC from the server, in the shopper's own time zone once the browser has seen it. */

export interface TimeTextProps {
  /** RFC 3339. */
  readonly at: string;
  readonly style?: "date-time" | "time";
}

const FORMATS = {
  "date-time": new Intl.DateTimeFormat("en-US", {
    timeZone: "UTC",
    month: "short",
    day: "numeric",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  }),
  time: new Intl.DateTimeFormat("en-US", {
    timeZone: "UTC",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  }),
} as const;

export function TimeText({ at, style = "date-time" }: TimeTextProps) {
  return (
    <time datetime={at} data-local-time={style}>
      {FORMATS[style].format(new Date(at))}
    </time>
  );
}
