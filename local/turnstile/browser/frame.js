/** The inside of the widget: asks for a token in the name of the page around it, after a press where one is wanted. */
(() => {
  const place = document.querySelector("[data-state]");
  let start = null;

  window.addEventListener("message", (event) => {
    if (event.data?.turnstile !== "start") return;
    // Who opened this frame is what the browser says, never what the page says.
    start = { ...event.data, page: event.origin, hostname: new URL(event.origin).hostname };
    void ask(false);
  });

  async function ask(pressed) {
    const { siteKey, action, cData, hostname } = start;
    show("…", "Verifying…");
    let answer;
    try {
      const response = await fetch("/turnstile/v0/challenge", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ siteKey, action, cData, hostname, pressed }),
      });
      answer = await response.json();
    } catch {
      answer = { error: "300010" };
    }
    if (pressed) tell({ turnstile: "pressed" });
    if (answer.token !== undefined) {
      show("✓", "Success!");
      tell({ turnstile: "complete", token: answer.token });
    } else if (answer.interactive) {
      offerBox();
      tell({ turnstile: "interactive" });
    } else {
      show("!", "Verification failed");
      tell({ turnstile: "error", code: answer.error });
    }
  }

  function tell(message) {
    window.parent.postMessage({ ...message, widget: start.widget }, start.page);
  }

  function show(mark, text) {
    const sign = document.createElement("span");
    sign.className = "mark";
    sign.setAttribute("aria-hidden", "true");
    sign.textContent = mark;
    place.replaceChildren(sign, text);
  }

  function offerBox() {
    const box = document.createElement("button");
    box.type = "button";
    box.setAttribute("role", "checkbox");
    box.setAttribute("aria-checked", "false");
    box.setAttribute("aria-label", "Verify you are human");
    box.addEventListener("click", () => void ask(true), { once: true });
    place.replaceChildren(box, "Verify you are human");
  }
})();
