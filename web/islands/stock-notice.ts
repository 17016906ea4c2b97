/** "Tell me when it is back" without leaving the page; where that fails, the form is sent as it is. */
import { swapIn } from "./swap.ts";

const TIMEOUT_MS = 15_000;

/** @param onSwap called with the new part of the page, to bring it to life */
export function enhanceStockNotices(onSwap: (part: HTMLElement) => void): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset["stockNotice"] === undefined) return;
    event.preventDefault();
    void send(form, onSwap);
  });
}

async function send(form: HTMLFormElement, onSwap: (part: HTMLElement) => void): Promise<void> {
  if (form.dataset["sent"] !== undefined) return;
  form.dataset["sent"] = "";
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
  const html = await answerTo(form.action, fields);
  const part = html === null ? null : swapIn(html);
  if (part === null) {
    form.submit();
    return;
  }
  onSwap(part);
  part.querySelector<HTMLElement>("[autofocus]")?.focus({ preventScroll: true });
}

/** The page that says what became of it: also one that refuses the address. */
async function answerTo(action: string, body: URLSearchParams): Promise<string | null> {
  try {
    const response = await fetch(action, {
      method: "POST",
      body,
      credentials: "same-origin",
      headers: { accept: "text/html" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return response.ok || response.status === 422 ? await response.text() : null;
  } catch {
    // Offline or too slow: the form is sent as it is, and the browser says what is wrong.
    return null;
  }
}
