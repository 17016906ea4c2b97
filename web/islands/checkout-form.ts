/**
 * Checks the checkout's fields as they are left, in the words the server would use, and before the form is sent: then a list
 * of what to look at takes the focus, with a link to each field. Labels follow the country.
 */
import { addressWords, asLabel } from "../address-words.ts";
import { fieldProblem, TYPED_FIELDS, type TypedField } from "../checkout-rules.ts";

type Control = HTMLInputElement | HTMLSelectElement;

interface CheckedField {
  readonly name: TypedField;
  readonly control: Control;
  readonly frame: HTMLElement | null;
  readonly message: HTMLElement | null;
}

export function checkForm(form: HTMLFormElement): void {
  const fields = TYPED_FIELDS.flatMap((name) => fieldNamed(form, name) ?? []);
  const country = fields.find(({ name }) => name === "country")?.control;
  const chosenCountry = () => country?.value ?? "";
  const problemOf = ({ name, control }: CheckedField) => fieldProblem(name, control.value, chosenCountry());

  // Ours say it in place and in whole sentences; the browser's own bubbles are for those without this script.
  form.noValidate = true;
  for (const field of fields) {
    let touched = false;
    field.control.addEventListener("input", () => {
      touched = true;
      // A complaint goes as soon as there is no reason for it any more; none appears while somebody types.
      if (isMarked(field) && problemOf(field) === null) mark(field, null);
    });
    field.control.addEventListener("blur", () => {
      if (touched || isMarked(field)) mark(field, problemOf(field));
    });
  }
  country?.addEventListener("change", () => {
    nameParts(fields, chosenCountry());
    for (const field of fields.filter(isMarked)) mark(field, problemOf(field));
  });
  form.addEventListener("submit", (event) => {
    const wrong = fields.filter((field) => {
      const problem = problemOf(field);
      mark(field, problem);
      return problem !== null;
    });
    listProblems(wrong);
    if (wrong.length > 0) event.preventDefault();
  });
  nameParts(fields, chosenCountry());
}

function fieldNamed(form: HTMLFormElement, name: TypedField): CheckedField | null {
  const control = form.elements.namedItem(name);
  if (!(control instanceof HTMLInputElement || control instanceof HTMLSelectElement)) return null;
  const frame = control.closest<HTMLElement>(".field");
  return { name, control, frame, message: document.getElementById(`${control.id}-error`) };
}

function isMarked({ control }: CheckedField): boolean {
  return control.getAttribute("aria-invalid") === "true";
}

/** Shows what is wrong with a field, or that nothing is: for eyes, and for assistive technology. */
function mark({ control, frame, message }: CheckedField, problem: string | null): void {
  control.setCustomValidity(problem ?? "");
  frame?.toggleAttribute("data-invalid", problem !== null);
  if (problem === null) control.removeAttribute("aria-invalid");
  else control.setAttribute("aria-invalid", "true");
  if (message === null) return;
  message.textContent = problem;
  message.hidden = problem === null;
  const described = (control.getAttribute("aria-describedby") ?? "")
    .split(" ")
    .filter((id) => id !== "" && id !== message.id);
  if (problem !== null) described.push(message.id);
  if (described.length === 0) control.removeAttribute("aria-describedby");
  else control.setAttribute("aria-describedby", described.join(" "));
}

/** Fills the list above the form, which the server draws empty, and brings it before the shopper. */
function listProblems(wrong: readonly CheckedField[]): void {
  const place = document.querySelector<HTMLElement>("[data-field-problems]");
  if (place === null) return;
  place.hidden = wrong.length === 0;
  place.querySelector("ul")?.replaceChildren(
    ...wrong.map(({ control, frame }) => {
      const link = document.createElement("a");
      link.href = `#${control.id}`;
      link.textContent = frame?.querySelector("[data-label]")?.textContent ?? control.name;
      const item = document.createElement("li");
      item.append(link);
      return item;
    }),
  );
  const notice = place.querySelector<HTMLElement>(".notice");
  if (wrong.length === 0 || notice === null) return;
  notice.tabIndex = -1;
  notice.focus();
}

/** Gives the parts of the address the names they have in the chosen country. */
function nameParts(fields: readonly CheckedField[], country: string): void {
  const words = addressWords(country);
  for (const { name, control, frame } of fields) {
    if (name !== "postalCode" && name !== "region") continue;
    const label = frame?.querySelector("[data-label]");
    if (label) label.textContent = asLabel(words[name]);
    if (name === "postalCode") control.inputMode = words.digitsOnly ? "numeric" : "text";
  }
}
