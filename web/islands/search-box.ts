/**
 * Search as you type: a combobox with a listbox of suggestions. The field keeps the focus; arrow keys move through the
 * options, Enter follows the chosen one (or sends the form), Escape closes the list.
 *
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
 */
import { announce } from "./live-region.ts";
import { drawOptions, optionsAnnouncement } from "./search-options.ts";
import { createSuggestions } from "./search-suggestions.ts";

/** So long after the last letter we ask. */
const PAUSE_MS = 110;
/** The count is announced when typing has paused for longer, so that it does not speak over the letters. */
const ANNOUNCE_AFTER_MS = 700;

interface Box {
  readonly form: HTMLFormElement;
  readonly input: HTMLInputElement;
  readonly list: HTMLElement;
  options: readonly HTMLElement[];
  /** Index of the chosen option; -1 where none is. */
  active: number;
}

export function enhanceSearchBox(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>('input[name="q"]');
  if (input === null || form.dataset["enhanced"] !== undefined) return;
  form.dataset["enhanced"] = "";
  const list = document.createElement("div");
  list.id = `${input.id}-list`;
  list.className = "search-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  form.append(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  const box: Box = { form, input, list, options: [], active: -1 };
  followTyping(box);
  followKeys(box);
  closeFromOutside(box);
}

function followTyping(box: Box): void {
  const suggestions = createSuggestions();
  let pause: ReturnType<typeof setTimeout> | undefined;
  let speech: ReturnType<typeof setTimeout> | undefined;
  const look = async () => {
    const text = wanted(box);
    if (text === "") return;
    const answer = await suggestions.ask(text);
    // Left or typed on meanwhile: an answer to yesterday's question.
    if (answer === null || wanted(box) !== text || !box.form.matches(":focus-within")) return;
    open(box, drawOptions(answer, text, box.input.id));
    speech = setTimeout(() => {
      announce(optionsAnnouncement(answer));
    }, ANNOUNCE_AFTER_MS);
  };
  const schedule = (afterMs: number) => {
    clearTimeout(pause);
    clearTimeout(speech);
    if (wanted(box) === "") {
      suggestions.stop();
      close(box);
    } else pause = setTimeout(() => void look(), afterMs);
  };
  box.input.addEventListener("input", () => {
    schedule(PAUSE_MS);
  });
  box.input.addEventListener("search-reopen", () => {
    schedule(0);
  });
  box.form.addEventListener("submit", () => {
    clearTimeout(pause);
    suggestions.stop();
  });
  // The code may arrive after the first letters.
  if (box.input.value !== box.input.defaultValue) schedule(0);
}

function followKeys(box: Box): void {
  box.input.addEventListener("keydown", (event) => {
    // While letters are being composed (Japanese, accents), the keys belong to that.
    if (event.isComposing) return;
    const isOpen = !box.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (isOpen) choose(box, next(box, event.key === "ArrowDown" ? 1 : -1));
      else box.input.dispatchEvent(new Event("search-reopen"));
    } else if (event.key === "Enter" && isOpen && box.active >= 0) box.options[box.active]?.click();
    else if (event.key === "Escape" && isOpen) close(box);
    else return;
    event.preventDefault();
  });
}

function closeFromOutside(box: Box): void {
  box.form.addEventListener("focusout", (event) => {
    if (!(event.relatedTarget instanceof Node && box.form.contains(event.relatedTarget))) close(box);
  });
  // A press on an option leaves the focus in the field, so that the list is still there for the click.
  box.list.addEventListener("mousedown", (event) => {
    event.preventDefault();
  });
}

function wanted({ input }: Box): string {
  return input.value.replace(/\s+/g, " ").trim();
}

/** The option after or before the chosen one; beyond either end none is chosen, and then the other end. */
function next({ options, active }: Box, step: 1 | -1): number {
  if (active < 0) return step === 1 ? 0 : options.length - 1;
  const index = active + step;
  return index >= options.length ? -1 : index;
}

function choose(box: Box, index: number): void {
  box.active = index;
  box.options.forEach((option, at) => {
    option.setAttribute("aria-selected", String(at === index));
  });
  const option = box.options[index];
  if (option === undefined) box.input.removeAttribute("aria-activedescendant");
  else {
    box.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }
}

function open(box: Box, options: readonly HTMLElement[]): void {
  box.options = options;
  box.list.replaceChildren(...options);
  choose(box, -1);
  const visible = options.length > 0;
  box.list.hidden = !visible;
  box.input.setAttribute("aria-expanded", String(visible));
}

function close(box: Box): void {
  box.list.hidden = true;
  box.input.setAttribute("aria-expanded", "false");
  choose(box, -1);
}
