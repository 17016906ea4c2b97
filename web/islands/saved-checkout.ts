/**
 * What was typed at checkout, kept in this tab until the order is paid: a reload, a look at the cart or a lapsed hold loses
 * nothing. Never card data, which this page does not see; gone with the tab, so that a shared computer keeps nothing.
 */

const KEY = "checkout";
/** What is kept; the form's hidden fields belong to one rendering of the page. */
const KEPT = ["email", "name", "line1", "line2", "postalCode", "city", "region", "country", "shippingMethod"];
/** Longer than any field may be. */
const MAX_LENGTH = 300;

/** Fills the form with what was kept, unless the server has just answered it with newer values, and keeps what is typed from now on. */
export function keepCheckout(form: HTMLFormElement): void {
  if (form.dataset["answered"] === undefined) restore(form);
  const save = () => {
    const data = new FormData(form);
    const values = KEPT.map((name) => [name, data.get(name)] as const);
    store(JSON.stringify(Object.fromEntries(values)));
  };
  form.addEventListener("input", save);
  form.addEventListener("change", save);
}

/** Once the order is paid nothing of it stays. */
export function forgetSavedCheckout(): void {
  store(null);
}

function restore(form: HTMLFormElement): void {
  const saved = read();
  for (const name of KEPT) {
    const value = saved[name];
    if (typeof value !== "string" || value.length > MAX_LENGTH) continue;
    const control = form.elements.namedItem(name);
    if (control instanceof RadioNodeList) control.value = value;
    else if (control instanceof HTMLInputElement) control.value = value;
    else if (control instanceof HTMLSelectElement && [...control.options].some((one) => one.value === value))
      control.value = value;
  }
}

function read(): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    // Storage is switched off, or somebody else's text is in it: the form starts empty then, as without this script.
    return {};
  }
}

function store(text: string | null): void {
  try {
    if (text === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, text);
  } catch {
    // Storage is switched off or full: nothing is kept, and the checkout works all the same.
  }
}
