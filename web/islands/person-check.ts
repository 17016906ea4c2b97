/**
 * "Are you a person?" in a form: shows Turnstile's widget, and holds a form that is sent too early until the answer is there. Where
 * the widget cannot run, the form is held until its wait is over; it is always sent in the end, and the server decides.
 */
import { announce } from "./live-region.ts";
import { setText, show } from "./show.ts";
import { loadTurnstile } from "./turnstile-js.ts";

/** A widget narrower than this has to be the small one. */
const FLEXIBLE_WIDTH = 300;
/** The server counts whole seconds, and from when it drew the page. */
const WAIT_MARGIN_MS = 1_000;

type State = "checking" | "asking" | "passed" | "waiting";

interface Check {
  readonly root: HTMLElement;
  readonly form: HTMLFormElement;
  state: State;
  /** When the form may be sent without the widget, by this page's own clock (ms). */
  readonly waitsUntil: number;
  /** The button that was pressed too early; null where the form was sent otherwise, undefined where it was not. */
  held: HTMLElement | null | undefined;
}

const TEXTS: Readonly<Record<"checking" | "asking", string>> = {
  checking: "One moment: we are checking that you are a person…",
  asking: "Please confirm in the box that you are a person; then this is sent.",
};

/** Call before what marks a form as sent (`submitOnce`) and after what checks its fields. */
export function checkPersons(): void {
  for (const root of document.querySelectorAll<HTMLElement>("[data-person-check]")) {
    const form = root.closest("form");
    if (form !== null) begin(root, form);
  }
  tellWhenWaited();
}

function begin(root: HTMLElement, form: HTMLFormElement): void {
  const widget = root.querySelector<HTMLElement>("[data-person-check-widget]");
  const waitMs = Number(root.dataset["secondsLeft"]) * 1000;
  const check: Check = {
    root,
    form,
    state: "checking",
    waitsUntil: performance.now() + waitMs + WAIT_MARGIN_MS,
    held: undefined,
  };
  // Only the wait is left: the server has said so, and says how long.
  if (widget === null) return;
  form.addEventListener("submit", (event) => {
    holdBack(check, event);
  });
  void showWidget(check, widget);
}

async function showWidget(check: Check, widget: HTMLElement): Promise<void> {
  const { dataset } = check.root;
  show(widget);
  try {
    const turnstile = await loadTurnstile(dataset["script"] ?? "");
    const id = turnstile.render(widget, {
      sitekey: dataset["sitekey"] ?? "",
      action: dataset["personCheck"] ?? "",
      size: widget.clientWidth < FLEXIBLE_WIDTH ? "compact" : "flexible",
      callback: () => {
        turnTo(check, "passed");
      },
      "expired-callback": () => {
        turnTo(check, "checking");
      },
      "before-interactive-callback": () => {
        turnTo(check, "asking");
      },
      "error-callback": () => {
        goOnWithout(check, widget);
        return true;
      },
    });
    if (id === undefined) throw new Error("Turnstile shows no widget");
    // Coming back by the browser's history: the token was spent by then.
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted || check.state === "waiting") return;
      check.held = undefined;
      turnTo(check, "checking");
      turnstile.reset(id);
    });
  } catch (fault) {
    console.warn(fault);
    goOnWithout(check, widget);
  }
}

/** Without the widget the form may go once it has waited; it says so as soon as somebody wants to send it. */
function goOnWithout(check: Check, widget: HTMLElement): void {
  show(widget, false);
  turnTo(check, "waiting");
}

function holdBack(check: Check, event: SubmitEvent): void {
  if (event.defaultPrevented || check.state === "passed") return;
  if (check.state === "waiting" && performance.now() >= check.waitsUntil) return;
  event.preventDefault();
  check.held = event.submitter;
  explain(check);
}

function turnTo(check: Check, state: State): void {
  check.state = state;
  if (check.held === undefined) return;
  if (state === "passed") send(check);
  else explain(check);
}

/** Says what a held form waits for. */
function explain(check: Check): void {
  const { state } = check;
  if (state === "passed") return;
  if (state !== "waiting") {
    say(check, TEXTS[state]);
    return;
  }
  const leftMs = Math.max(0, check.waitsUntil - performance.now());
  const seconds = Math.ceil(leftMs / 1000);
  say(check, `Our check for programs does not run here. This is sent by itself in ${String(seconds)} s.`);
  setTimeout(() => {
    if (check.held !== undefined && check.state === "waiting") send(check);
  }, leftMs);
}

function send(check: Check): void {
  const { held, form } = check;
  check.held = undefined;
  say(check, "");
  form.requestSubmit(held instanceof HTMLButtonElement ? held : null);
}

function say({ root }: Check, text: string): void {
  setText(root.querySelector("[data-person-check-status]"), text);
}

/** Somebody who was asked to wait is told when the wait is over. */
function tellWhenWaited(): void {
  const place = document.querySelector<HTMLElement>("[data-person-check-left]");
  const seconds = Number(place?.dataset["personCheckLeft"]);
  if (place === null || !(seconds > 0)) return;
  setTimeout(
    () => {
      const text = "Thank you for waiting. Please press the button again.";
      setText(place, text);
      announce(text);
    },
    seconds * 1000 + WAIT_MARGIN_MS,
  );
}
