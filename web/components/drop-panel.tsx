/** A drop ahead on its product's page: when it opens, and the clock until then. */
import { CountdownClock } from "./countdown-clock.tsx";
import { TimeText } from "./time-text.tsx";

export interface DropPanelProps {
  /** RFC 3339. */
  readonly opensAt: string;
  readonly sku: string;
  /** Epoch ms. */
  readonly now: number;
}

export function DropPanel({ opensAt, sku, now }: DropPanelProps) {
  return (
    <div class="drop" data-countdown-hides>
      <p class="drop-title">
        On sale <TimeText at={opensAt} />
      </p>
      <CountdownClock until={opensAt} sku={sku} now={now} />
      <p class="fine" data-script-note>
        The button below opens by itself at that moment. There is no need to reload.
      </p>
      <noscript>
        <p class="fine">Load this page again at that moment to buy.</p>
      </noscript>
    </div>
  );
}
