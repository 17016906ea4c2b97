/** How this visit felt: the web vitals, told once when the page is left. With them goes the kind of page; no address, no id. */
import { onCLS, onFCP, onINP, onLCP, onTTFB, type Metric } from "web-vitals";
import type { VitalsBody } from "../../src/contracts/vitals.ts";
import { pageKindOf, type PageKind } from "../../src/domain/page-kind.ts";
import { MAX_LAYOUT_SHIFT_SCORE, MAX_VITAL_MS } from "../../src/domain/vital-limits.ts";

const FIELDS = { LCP: "lcpMs", INP: "inpMs", CLS: "cls", TTFB: "ttfbMs", FCP: "fcpMs" } as const;
/** Finer than any of them is measured. */
const DIGITS = 10_000;

export function measureVisit(): void {
  const figures: Omit<VitalsBody, "page"> = {};
  const take = ({ name, value }: Metric) => {
    const isSound = value >= 0 && value <= (name === "CLS" ? MAX_LAYOUT_SHIFT_SCORE : MAX_VITAL_MS);
    if (isSound) figures[FIELDS[name]] = Math.round(value * DIGITS) / DIGITS;
  };
  // Every change is taken at once: what is only reported when the page hides might come after it was sent.
  for (const observe of [onLCP, onINP, onCLS, onTTFB, onFCP]) observe(take, { reportAllChanges: true });

  let isSent = false;
  const send = () => {
    if (isSent || document.visibilityState !== "hidden" || Object.keys(figures).length === 0) return;
    const body: VitalsBody = { page: kindOfThisPage(), ...figures };
    isSent = true;
    // A beacon outlives the page, and nothing waits for it. One that the browser will not take is a visit not measured.
    navigator.sendBeacon("/api/vitals", new Blob([JSON.stringify(body)], { type: "application/json" }));
  };
  addEventListener("visibilitychange", send);
}

/** A page of refusal stands at the address it refused: it is not to make that kind of page look fast. */
function kindOfThisPage(): PageKind {
  const [navigation] = performance.getEntriesByType("navigation");
  return (navigation?.responseStatus ?? 0) >= 400 ? "other" : pageKindOf(location.pathname);
}
