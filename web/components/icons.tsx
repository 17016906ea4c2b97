/** The store's few icons, drawn inline. They are decoration: words beside them carry the meaning. */
import { keptMarkup } from "../kept-markup.ts";

interface IconProps {
  readonly class?: string;
}

function icon(path: string) {
  const source = {};
  return function Icon(props: IconProps) {
    return keptMarkup(source, props.class ?? "", () => (
      <svg
        class={`icon ${props.class ?? ""}`.trim()}
        viewBox="0 0 24 24"
        width="24"
        height="24"
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linecap="round"
        stroke-linejoin="round"
        aria-hidden="true"
        focusable="false"
      >
        <path d={path} />
      </svg>
    ));
  };
}

export const BagIcon = icon(
  "M5 8.5h14l-1 11.2a1 1 0 0 1-1 .8H7a1 1 0 0 1-1-.8L5 8.5ZM8.5 11V7a3.5 3.5 0 0 1 7 0v4",
);
export const HeartIcon = icon(
  "M12 19.5S4.5 15 4.5 9.6A4.1 4.1 0 0 1 12 7.3a4.1 4.1 0 0 1 7.5 2.3C19.5 15 12 19.5 12 19.5Z",
);
export const CheckIcon = icon("m5 12.5 4.5 4.5L19 7.5");
export const ClockIcon = icon("M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3.2 2");
export const AlertIcon = icon(
  "M12 8.5v4.5M12 16.2v.1M10.6 4.4 3.2 17.6A1.6 1.6 0 0 0 4.6 20h14.8a1.6 1.6 0 0 0 1.4-2.4L13.4 4.4a1.6 1.6 0 0 0-2.8 0Z",
);
export const InfoIcon = icon("M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 11v5.2M12 7.8v.1");
export const CrossIcon = icon("M6.5 6.5l11 11M17.5 6.5l-11 11");
export const LockIcon = icon(
  "M6 11h12a1 1 0 0 1 1 1v7.5a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V12a1 1 0 0 1 1-1ZM8 11V7.5a4 4 0 0 1 8 0V11",
);
export const TruckIcon = icon(
  "M3 6.5h11v10H9.4M3 6.5v10h1.6M14 10h3.6L21 13.2v3.3h-1.6M14 16.5h.6M7 19a2.2 2.2 0 1 0 0-4.4A2.2 2.2 0 0 0 7 19ZM17 19a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
);
export const SearchIcon = icon("M10.8 17.6a6.8 6.8 0 1 0 0-13.6 6.8 6.8 0 0 0 0 13.6ZM15.8 15.8 20.5 20.5");
export const FilterIcon = icon(
  "M4 7.5h8M18 7.5h2M4 16.5h2M12 16.5h8M15 10a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM9 19a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
);
export const OfflineIcon = icon(
  "M4 4l16 16M8.6 14.6a4.8 4.8 0 0 1 6.3-.4M5.4 11.3a9.4 9.4 0 0 1 4-2.3M13.2 8.6a9.4 9.4 0 0 1 5.4 2.7M2.4 7.9A14 14 0 0 1 6.6 5.4M10.4 4.2A14 14 0 0 1 21.6 7.9M12 18.6v.1",
);
export const BellIcon = icon(
  "M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 2H5l1.5-2ZM10 18.5a2 2 0 0 0 4 0M12 5.5V4",
);
export const PersonIcon = icon("M12 12a3.9 3.9 0 1 0 0-7.8 3.9 3.9 0 0 0 0 7.8ZM4.8 20a7.2 7.2 0 0 1 14.4 0");
export const KeyIcon = icon(
  "M8 19.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM10.9 12.6l7.6-7.6M15.6 7.9l2.6 2.6M18.5 5l1.6 1.6",
);
export const CardIcon = icon(
  "M4.5 5.5h15A1.5 1.5 0 0 1 21 7v10a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17V7a1.5 1.5 0 0 1 1.5-1.5ZM3 9.5h18M6.5 14.5h4",
);
export const BoxIcon = icon(
  "M4 7.8 12 4l8 3.8v8.4L12 20l-8-3.8V7.8ZM4 7.8l8 3.8 8-3.8M12 11.6V20M8 5.9l8 3.8",
);
export const ReturnIcon = icon("M9 6 4.5 10.5 9 15M4.5 10.5H15a4.5 4.5 0 0 1 0 9h-3");
export const ArrowIcon = icon("M5 12h14M13 6l6 6-6 6");

/** The store's mark: two posts and the line that holds them. */
export function Mark(props: IconProps) {
  return (
    <svg
      class={props.class ?? "mark"}
      viewBox="0 0 28 28"
      width="28"
      height="28"
      aria-hidden="true"
      focusable="false"
    >
      <rect class="mark-post" x="4" y="3" width="5.5" height="22" rx="2.75" />
      <rect class="mark-post" x="18.5" y="3" width="5.5" height="22" rx="2.75" />
      <path
        class="mark-line"
        d="M7 12.2c3 4.6 11 4.6 14 0"
        fill="none"
        stroke-width="4"
        stroke-linecap="round"
      />
    </svg>
  );
}
