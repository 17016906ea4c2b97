/**
 * The stand-in's api.js: the part of https://developers.cloudflare.com/turnstile/get-started/client-side-rendering/ that a page with
 * explicit rendering uses. The widget is a frame of this origin; token and page meet by messages.
 */
(() => {
  const origin = new URL(document.currentScript.src).origin;
  const widgets = new Map();
  let count = 0;

  function render(container, parameters) {
    const target = typeof container === "string" ? document.querySelector(container) : container;
    if (!target) throw new Error(`[Cloudflare Turnstile] Unable to find a container for ${container}.`);
    const id = `cf-chl-widget-${(count += 1)}`;
    const frame = document.createElement("iframe");
    frame.title = "Widget containing a Cloudflare security challenge";
    frame.allow = "cross-origin-isolated; fullscreen";
    frame.style.cssText = "display:block;border:0;width:100%;min-width:300px;height:65px;color-scheme:normal";
    const widget = { id, target, frame, parameters, token: undefined, field: null };
    if (parameters["response-field"] !== false) {
      widget.field = document.createElement("input");
      widget.field.type = "hidden";
      widget.field.name = parameters["response-field-name"] ?? "cf-turnstile-response";
      target.append(widget.field);
    }
    widgets.set(id, widget);
    frame.addEventListener("load", () => start(widget));
    frame.src = `${origin}/turnstile/v0/frame`;
    target.append(frame);
    return id;
  }

  function start(widget) {
    const { sitekey, action, cData } = widget.parameters;
    widget.frame.contentWindow?.postMessage(
      {
        turnstile: "start",
        widget: widget.id,
        siteKey: sitekey,
        action: action ?? null,
        cData: cData ?? null,
      },
      origin,
    );
  }

  function setToken(widget, token) {
    widget.token = token;
    if (widget.field) widget.field.value = token ?? "";
  }

  const found = (id) => (id === undefined ? widgets.values().next().value : widgets.get(id));

  function reset(id) {
    const widget = found(id);
    if (!widget) return;
    setToken(widget, undefined);
    start(widget);
  }

  function remove(id) {
    const widget = found(id);
    if (!widget) return;
    widget.frame.remove();
    widget.field?.remove();
    widgets.delete(widget.id);
  }

  window.addEventListener("message", (event) => {
    if (event.origin !== origin) return;
    const widget = widgets.get(event.data?.widget);
    if (!widget || event.source !== widget.frame.contentWindow) return;
    const { parameters } = widget;
    switch (event.data.turnstile) {
      case "complete":
        setToken(widget, event.data.token);
        parameters.callback?.(event.data.token);
        break;
      case "interactive":
        parameters["before-interactive-callback"]?.();
        break;
      case "pressed":
        parameters["after-interactive-callback"]?.();
        break;
      case "error":
        setToken(widget, undefined);
        parameters["error-callback"]?.(event.data.code);
        break;
    }
  });

  window.turnstile = {
    render,
    reset,
    remove,
    execute: (id) => reset(id),
    getResponse: (id) => found(id)?.token,
    isExpired: () => false,
    ready: (callback) => callback(),
  };
})();
