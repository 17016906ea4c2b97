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
  // A change begins to move with the next frame.
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const ending = document
    .getAnimations()
    .filter(
      ({ playState, effect }) => playState === "running" && effect?.getComputedTiming().endTime !== Infinity,
    );
  await Promise.all(ending.map((animation) => animation.finished.catch(() => undefined)));
}

/** Before the page's own scripts: its clock is so far ahead, in whatever way it is asked. */
export function turnClock(aheadMs: number): void {
  const rightNow = Date.now;
  const now = () => rightNow() + aheadMs;
  globalThis.Date = new Proxy(Date, {
    get: (target, name): unknown => (name === "now" ? now : Reflect.get(target, name)),
    construct: (target, given: number[]) =>
      given.length === 0 ? new target(now()) : (Reflect.construct(target, given) as Date),
  });
}

/** Sends a form as a browser does that checks nothing by itself. */
export function submitUnchecked(form: Element): void {
  (form as HTMLFormElement).submit();
}

/** How much wider the page is than its window, and what reaches furthest out of it; null where it fits. */
export function widerThanWindow(): string | null {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return null;
  let furthest: Element | null = null;
  for (const element of document.body.querySelectorAll("*")) {
    const { right, width } = element.getBoundingClientRect();
    // What scrolls by itself reaches out of the window without widening it; the page's edge is who ends there.
    if (width > 0 && Math.abs(right + scrollX - scrollWidth) < 1) furthest = element;
  }
  const name = furthest === null ? "" : ` by ${furthest.localName}.${[...furthest.classList].join(".")}`;
  return `${String(scrollWidth - clientWidth)} px wider than the window${name}`;
}

/** Fields and prices whose text is smaller than so many px, also those of a panel that is closed; and how many were looked at. */
export function smallPrint(leastPx: number): { readonly small: string[]; readonly looked: number } {
  const untyped = ["hidden", "checkbox", "radio", "submit", "button"].map((type) => `[type="${type}"]`);
  const fields = [...document.querySelectorAll(`input:not(${untyped.join()}), select, textarea, .money`)];
  const small = fields.flatMap((element) => {
    const size = Number.parseFloat(getComputedStyle(element).fontSize);
    if (size >= leastPx) return [];
    const place = [element, element.parentElement].map((each) => [...(each?.classList ?? [])].join("."));
    return [`${element.localName}.${place.join(" in ")} is ${String(size)} px`];
  });
  return { small: [...new Set(small)], looked: fields.length };
}

/** What has the keyboard's focus, as a person at the screen sees it. */
export interface FocusStop {
  /** `a`, `button`, `input` …; `body` where nothing has it. */
  readonly tag: string;
  readonly name: string;
  /** Tells one element from another; the same for the parts of a group of radio buttons. */
  readonly path: string;
  /** What is wrong with it for somebody who has no pointer, or null. */
  readonly problem: string | null;
}

export function focusedNow(): FocusStop {
  const element = document.activeElement;
  if (element === null || element === document.body || element === document.documentElement)
    return { tag: "body", name: "", path: "body", problem: null };
  const labels = (element as Partial<HTMLInputElement>).labels;
  const name = [
    element.getAttribute("aria-label") ?? "",
    ...[...(labels ?? [])].map(({ textContent }) => textContent),
    element.textContent,
    element.getAttribute("title") ?? "",
  ]
    .map((text) => text.replaceAll(/\s+/g, " ").trim())
    .filter((text) => text !== "")
    .join(" / ");

  const parts: string[] = [];
  for (let at: Element | null = element; at !== null && at !== document.body; at = at.parentElement) {
    const place = [...(at.parentElement?.children ?? [])].indexOf(at) + 1;
    parts.unshift(at.id === "" ? `${at.localName}:${String(place)}` : `#${at.id}`);
    if (at.id !== "") break;
  }

  // What shows the focus may be the element, the label around or after it, or what the focus is within.
  const shown = [
    element,
    element.nextElementSibling,
    element.parentElement,
    ...(labels ?? []),
    ...element.querySelectorAll("*"),
  ].filter((each) => each !== null);
  const isMarked = shown.some((each) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(each);
    const isOutlined =
      outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1 && !/[,/] 0\)/.test(outlineColor);
    // A shadow that is a ring: no offset, no blur.
    return isOutlined || /0px 0px 0px [1-9]/.test(boxShadow);
  });

  // Not hidden behind something that stays in place, nor outside the window: one point of it, or of its label, is on top.
  const isOnTop = [element, ...(labels ?? [])].some((each) => {
    const { left, right, top, bottom } = each.getBoundingClientRect();
    return [0.1, 0.5, 0.9].some((across) =>
      [0.1, 0.5, 0.9].some((down) => {
        const hit = document.elementFromPoint(left + (right - left) * across, top + (bottom - top) * down);
        return hit !== null && (each.contains(hit) || hit.contains(element));
      }),
    );
  });

  let problem: string | null = null;
  if (element.localName !== "iframe") {
    if (!isMarked) problem = "nothing shows that it has the focus";
    else if (!isOnTop) problem = "it has the focus where nobody sees it";
    else if (name === "") problem = "it has no name";
  }
  return { tag: element.localName, name, path: parts.join(" > "), problem };
}
