/** A comfort for plain forms: a purchase is sent once. */

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
