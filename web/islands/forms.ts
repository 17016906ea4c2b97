/** Small comforts for plain forms: a change sends at once, and a purchase is sent once. */

/** Selects of `[data-submit-on-change]` forms send their form; the button that would is then not needed. */
export function submitOnChange(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-submit-on-change]")) {
    form.querySelector("[data-submit-button]")?.setAttribute("hidden", "");
    form.addEventListener("change", () => {
      form.requestSubmit();
    });
  }
}

/** A second press does nothing while the first is under way. (A repeated request would meet the same order anyway.) */
export function submitOnce(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-submit-once]")) {
    const button = form.querySelector<HTMLButtonElement>("[data-submit-button]");
    const label = button?.textContent ?? "";
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (form.dataset["sent"] !== undefined) {
        event.preventDefault();
        return;
      }
      form.dataset["sent"] = "";
      if (button === null) return;
      button.textContent = form.dataset["submitOnce"] ?? label;
      button.setAttribute("aria-disabled", "true");
    });
    // Coming back by the browser's history shows the page as it was left.
    window.addEventListener("pageshow", () => {
      delete form.dataset["sent"];
      if (button === null) return;
      button.textContent = label;
      button.removeAttribute("aria-disabled");
    });
  }
}
