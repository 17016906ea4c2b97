/** The emulator's Stripe.js: the part of https://docs.stripe.com/js that a page with the Payment Element uses. */
(() => {
  const origin = new URL(document.currentScript.src).origin;
  const LOAD_TIMEOUT_MS = 15_000;
  let frames = 0;
  let calls = 0;

  class IntegrationError extends Error {
    constructor(message) {
      super(message);
      this.name = "IntegrationError";
    }
  }

  /** `on`, `once` and `off`, as every element has them. */
  class Emitter {
    #listeners = new Map();

    on(event, listener) {
      const listeners = this.#listeners.get(event) ?? new Set();
      this.#listeners.set(event, listeners.add(listener));
      return this;
    }

    once(event, listener) {
      const once = (detail) => {
        this.off(event, once);
        listener(detail);
      };
      return this.on(event, once);
    }

    off(event, listener) {
      if (listener === undefined) this.#listeners.delete(event);
      else this.#listeners.get(event)?.delete(listener);
      return this;
    }

    emit(event, detail) {
      for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(detail);
    }
  }

  /** The Payment Element: a frame of the emulator's origin, so that the page cannot read the card. */
  class PaymentElement extends Emitter {
    #frame = null;
    #ready = null;
    #pending = new Map();
    #source;

    constructor(source) {
      super();
      this.#source = source;
    }

    mount(target) {
      const container = typeof target === "string" ? document.querySelector(target) : target;
      if (!container)
        throw new IntegrationError(`The selector you specified (${target}) applies to no DOM elements.`);
      if (this.#frame) this.unmount();
      const frame = document.createElement("iframe");
      frame.name = `__privateStripeFrame${(frames += 1)}`;
      frame.title = "Secure payment input frame";
      frame.allow = "payment *";
      // As wide as its container by what is seen of it: the frame's own page keeps four pixels for the rings of focus.
      frame.style.cssText =
        "display:block;width:calc(100% + 8px);margin:-4px;height:220px;border:0;background:transparent;color-scheme:normal";
      frame.src = this.#source;
      this.#ready = this.#untilReady();
      this.#frame = frame;
      window.addEventListener("message", this.#hear);
      container.replaceChildren(frame);
      this.emit("loaderstart", { elementType: "payment" });
      return this;
    }

    unmount() {
      window.removeEventListener("message", this.#hear);
      this.#frame?.remove();
      this.#frame = null;
      return this;
    }

    destroy() {
      this.unmount();
      this.emit("destroy", { elementType: "payment" });
    }

    update() {
      return this;
    }

    collapse() {
      return this;
    }

    focus() {
      void this.call("focus");
    }

    blur() {
      this.#frame?.blur();
    }

    clear() {
      void this.call("clear");
    }

    /** Without a word from the frame in time, the page hears of it as it would from Stripe. */
    #untilReady() {
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          const error = { type: "api_connection_error", message: "The Payment Element could not be loaded." };
          this.emit("loaderror", { elementType: "payment", error });
        }, LOAD_TIMEOUT_MS);
        this.once("ready", () => {
          clearTimeout(timer);
          resolve();
        });
      });
    }

    /** Asks the frame to do something; resolves with what it answers. */
    async call(action, details) {
      if (!this.#frame) throw new IntegrationError("The Payment Element must be mounted first.");
      await this.#ready;
      const call = (calls += 1);
      const answer = new Promise((resolve) => this.#pending.set(call, resolve));
      this.#frame.contentWindow.postMessage({ stripeEmulator: "call", call, action, details }, origin);
      return answer;
    }

    #hear = ({ data, origin: from, source }) => {
      if (from !== origin || source !== this.#frame?.contentWindow) return;
      if (data.stripeEmulator === "result") {
        this.#pending.get(data.call)?.(data.result);
        this.#pending.delete(data.call);
      } else if (data.stripeEmulator === "event") {
        if (data.event === "resize") this.#frame.style.height = `${data.detail.height}px`;
        else this.emit(data.event, data.detail);
      }
    };
  }

  /** Wallet buttons: no wallet is available here, which the element says when it is ready. */
  class ExpressCheckoutElement extends Emitter {
    mount() {
      setTimeout(() =>
        this.emit("ready", { elementType: "expressCheckout", availablePaymentMethods: undefined }),
      );
      return this;
    }

    unmount() {
      return this;
    }

    destroy() {}

    update() {
      return this;
    }
  }

  class Elements extends Emitter {
    #created = new Map();
    #key;
    #options;

    constructor(key, options) {
      super();
      if (!options.clientSecret && !options.mode) {
        throw new IntegrationError(
          "In order to create a payment element, you must pass a clientSecret or mode when creating the Elements group.",
        );
      }
      this.#key = key;
      this.#options = options;
    }

    get clientSecret() {
      return this.#options.clientSecret;
    }

    create(type) {
      if (this.#created.has(type))
        throw new IntegrationError(
          `Can only create one Element of type ${type} through the same Elements instance.`,
        );
      const element = this.#make(type);
      this.#created.set(type, element);
      element.on("destroy", () => this.#created.delete(type));
      return element;
    }

    #make(type) {
      if (type === "expressCheckout") return new ExpressCheckoutElement();
      if (type !== "payment") throw new IntegrationError(`The emulator knows no ${type} element.`);
      const source = new URL("/_elements/payment", origin);
      source.searchParams.set("key", this.#key);
      source.searchParams.set("locale", this.#options.locale ?? "en");
      source.searchParams.set("appearance", JSON.stringify(this.#options.appearance ?? {}));
      return new PaymentElement(source.href);
    }

    getElement(type) {
      return this.#created.get(type) ?? null;
    }

    update(options) {
      this.#options = { ...this.#options, ...options };
    }

    async fetchUpdates() {
      return {};
    }

    submit() {
      return this.payment().call("submit");
    }

    payment() {
      const element = this.getElement("payment");
      if (!element) throw new IntegrationError("Elements must have a mounted Payment Element.");
      return element;
    }
  }

  async function ask(path, parameters, method = "GET") {
    const url = new URL(path, origin);
    const query = new URLSearchParams(parameters);
    if (method === "GET") url.search = query.toString();
    try {
      const response = await fetch(url, method === "GET" ? {} : { method, body: query });
      const answer = await response.json();
      return answer.error ? { error: answer.error } : { paymentIntent: answer };
    } catch (cause) {
      return {
        error: {
          type: "api_connection_error",
          message: `We could not reach the payment service: ${cause.message}`,
        },
      };
    }
  }

  function intentPath(clientSecret) {
    const [id] = String(clientSecret).split("_secret_");
    if (!/^pi_\w+$/.test(id))
      throw new IntegrationError(`Invalid value for the intent's client secret: ${clientSecret}`);
    return `/v1/payment_intents/${id}`;
  }

  /** Shows the bank's page over the shop's and resolves when the buyer has answered. */
  function challenge(address) {
    return new Promise((resolve) => {
      const overlay = document.createElement("div");
      overlay.style.cssText =
        "position:fixed;inset:0;z-index:2147483647;display:grid;place-items:center;background:rgb(0 0 0 / 50%)";
      const frame = document.createElement("iframe");
      frame.name = `__privateStripeFrame${(frames += 1)}`;
      frame.title = "3D Secure authentication";
      frame.style.cssText = "width:min(500px,100vw);height:min(480px,100vh);border:0;background:#fff";
      const url = new URL(address);
      url.searchParams.set("embedded", "true");
      frame.src = url.href;
      const hear = ({ data, origin: from, source }) => {
        if (from !== origin || source !== frame.contentWindow || data.stripeEmulator !== "challenge-done")
          return;
        window.removeEventListener("message", hear);
        overlay.remove();
        resolve();
      };
      window.addEventListener("message", hear);
      overlay.append(frame);
      document.body.append(overlay);
    });
  }

  function stripe(key) {
    if (typeof key !== "string" || !key.startsWith("pk_")) {
      throw new IntegrationError("Missing value for Stripe(): apiKey should be a publishable key.");
    }

    const retrievePaymentIntent = (clientSecret) =>
      ask(intentPath(clientSecret), { key, client_secret: clientSecret });

    /** Leads through whatever the intent still wants; answers `{ paymentIntent }` or `{ error }`. */
    async function handleAction(result, clientSecret) {
      const action = result.paymentIntent?.next_action;
      if (result.error || result.paymentIntent.status !== "requires_action" || !action) return result;
      if (action.type === "redirect_to_url") {
        location.assign(action.redirect_to_url.url);
        return new Promise(() => undefined);
      }
      await challenge(action.use_stripe_sdk.stripe_js);
      const after = await retrievePaymentIntent(clientSecret);
      const failure = after.paymentIntent?.last_payment_error;
      return failure ? { error: { ...failure, payment_intent: after.paymentIntent } } : after;
    }

    /** The page is left for `returnUrl`, unless it asked to stay where it can. */
    function finish(result, returnUrl, redirect) {
      if (result.error || redirect === "if_required") return result;
      const url = new URL(returnUrl);
      url.searchParams.set("payment_intent", result.paymentIntent.id);
      url.searchParams.set("payment_intent_client_secret", result.paymentIntent.client_secret);
      url.searchParams.set("redirect_status", "succeeded");
      location.assign(url.href);
      // As with Stripe, the promise of a page that is being left never resolves.
      return new Promise(() => undefined);
    }

    return {
      elements: (options = {}) => new Elements(key, options),

      async confirmPayment({ elements, clientSecret, confirmParams = {}, redirect = "always" }) {
        const secret = clientSecret ?? elements?.clientSecret;
        const returnUrl = confirmParams.return_url;
        if (!elements || !secret)
          throw new IntegrationError("confirmPayment() needs elements and a clientSecret.");
        if (redirect === "always" && !returnUrl)
          throw new IntegrationError("confirmPayment() needs confirmParams.return_url.");
        const billingDetails = confirmParams.payment_method_data?.billing_details;
        const details = { clientSecret: secret, returnUrl, billingDetails, shipping: confirmParams.shipping };
        const confirmed = await elements.payment().call("confirm", details);
        return finish(await handleAction(confirmed, secret), returnUrl, redirect);
      },

      async confirmCardPayment(clientSecret, { payment_method: method, return_url: returnUrl } = {}) {
        const parameters = { key, client_secret: clientSecret, use_stripe_sdk: "true" };
        if (method) parameters.payment_method = method;
        if (returnUrl) parameters.return_url = returnUrl;
        return handleAction(
          await ask(`${intentPath(clientSecret)}/confirm`, parameters, "POST"),
          clientSecret,
        );
      },

      retrievePaymentIntent,

      async handleNextAction({ clientSecret }) {
        return handleAction(await retrievePaymentIntent(clientSecret), clientSecret);
      },

      registerAppInfo() {},
      _registerWrapper() {},
    };
  }

  stripe.version = "emulator";
  window.Stripe = stripe;
})();
