/**
 * The cart's forms without leaving the page: a change of quantity, a removal and its undoing are sent as they would be, and the
 * page's main part is replaced by the answer's. Focus stays where it was, or goes to what the answer says.
 */
import { showCartCount } from "./cart-count.ts";
import { announce } from "./live-region.ts";
import { localiseTimes } from "./local-time.ts";
import { swapFrom, swapIn } from "./swap.ts";

const TIMEOUT_MS = 15_000;

export function enhanceCart(): void {
  let last = Promise.resolve();
  /** One after the other: each answer shows the cart as the ones before left it. */
  const send = (form: HTMLFormElement) => {
    const body = new URLSearchParams();
    // Taken now: by the time it is sent, the answer to the one before may have replaced the form.
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.set(name, value);
    last = last.then(() => exchange(form, body));
  };
  document.addEventListener("submit", (event) => {
    const form = cartForm(event.target);
    if (form === null) return;
    event.preventDefault();
    send(form);
  });
  document.addEventListener("change", (event) => {
    const form = event.target instanceof HTMLSelectElement ? cartForm(event.target.form) : null;
    if (form !== null) send(form);
  });
  hideButtons(document);
  refreshWithStock((work) => (last = last.then(work)));
}

/** What stands in the way of ordering is the server's to say: where a line's stock status changes, the part is fetched anew. */
function refreshWithStock(inTurn: (work: () => Promise<void>) => unknown): void {
  let due = false;
  new MutationObserver((changes) => {
    const changed = changes.some(({ target, oldValue }) => {
      const label = target instanceof HTMLElement ? target.dataset : {};
      return label["stockSku"] !== undefined && label["status"] !== oldValue;
    });
    if (!changed || due) return;
    due = true;
    inTurn(async () => {
      due = false;
      const part = await swapFrom(location.href);
      if (part === null) return;
      hideButtons(part);
      localiseTimes(part);
    });
  }).observe(document.body, { subtree: true, attributeFilter: ["data-status"], attributeOldValue: true });
}

function cartForm(target: EventTarget | null): HTMLFormElement | null {
  return target instanceof HTMLFormElement && target.dataset["cartForm"] !== undefined ? target : null;
}

/** A change sends by itself, so the button that would is not needed. */
function hideButtons(root: ParentNode): void {
  for (const button of root.querySelectorAll("[data-cart-form] [data-submit-button]"))
    button.setAttribute("hidden", "");
}

async function exchange(form: HTMLFormElement, body: URLSearchParams): Promise<void> {
  document.querySelector("[data-swap]")?.setAttribute("aria-busy", "true");
  const html = await fetch(form.action, {
    method: "POST",
    body,
    credentials: "same-origin",
    headers: { accept: "text/html" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
    // A refusal is a cart too: the page with what was wrong.
    .then((response) => (response.ok || response.status === 422 ? response.text() : null))
    .catch(() => null);
  const part = html === null ? null : swapIn(html);
  if (part === null) {
    // The plain form asks again and shows whatever the answer is; setting and removing may be repeated.
    if (form.isConnected) form.submit();
    else location.reload();
    return;
  }
  hideButtons(part);
  localiseTimes(part);
  showCartCount(Number(part.dataset["units"] ?? "0"));
  announce(part.dataset["summary"] ?? "");
  // Nothing of the answer asks for focus, and what had it is gone (an undone removal): the line that came back has it.
  if (document.activeElement === document.body) {
    const sku = decodeURIComponent(new URL(form.action).pathname.split("/")[3] ?? "");
    (
      part.querySelector<HTMLElement>("[autofocus]") ??
      document.getElementById(`quantity-${sku}`) ??
      document.getElementById(`remove-${sku}`)
    )?.focus();
  }
}
