/** A message about what happened, above what it concerns. */
import type { Child } from "hono/jsx";
import { AlertIcon, CheckIcon, InfoIcon } from "./icons.tsx";

export interface NoticeProps {
  readonly tone: "info" | "success" | "warning" | "error";
  readonly title: string;
  readonly children?: Child;
  /** Focus goes here when the page opens: for answers to what the shopper just sent. */
  readonly focus?: boolean;
}

const ICONS = { info: InfoIcon, success: CheckIcon, warning: AlertIcon, error: AlertIcon } as const;

export function Notice({ tone, title, children, focus = false }: NoticeProps) {
  const Icon = ICONS[tone];
  const urgent = tone === "error" || tone === "warning";
  return (
    <div
      class="notice"
      data-tone={tone}
      role={urgent ? "alert" : "status"}
      tabindex={focus ? -1 : undefined}
      autofocus={focus ? true : undefined}
    >
      <Icon class="notice-icon" />
      <div class="notice-body">
        <p class="notice-title">{title}</p>
        {children}
      </div>
    </div>
  );
}
