/** What tests ask inside a page. Each function runs in the browser, so it stands alone: nothing from outside reaches it. */
/// <reference lib="dom" />

/** Resolves when pictures, also those further down, and fonts are there. A broken picture is somebody else's to find. */
export async function loadEverything(): Promise<void> {
  const pictures = [...document.images];
  for (const picture of pictures) picture.loading = "eager";
  const shown = pictures.filter((picture) => picture.checkVisibility());
  await Promise.all(shown.map((picture) => picture.decode().catch(() => undefined)));
  await document.fonts.ready;
}

/** Resolves when what moves to an end has come to it; what goes on for ever is left out. */
export async function finishAnimations(): Promise<void> {
  const ending = document
    .getAnimations()
    .filter(
      ({ playState, effect }) => playState === "running" && effect?.getComputedTiming().endTime !== Infinity,
    );
  await Promise.all(ending.map((animation) => animation.finished.catch(() => undefined)));
}

/** Sends a form as a browser does that checks nothing by itself. */
export function submitUnchecked(form: Element): void {
  (form as HTMLFormElement).submit();
}

/** How much wider the page is than its window, in CSS pixels. */
export function overflowPx(): number {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth - clientWidth;
}
