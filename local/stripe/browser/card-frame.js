/** Runs inside the Payment Element's frame: reads the card fields and confirms with them, so the shop's page never sees them. */
(() => {
  const settings = new URLSearchParams(location.search);
  const key = settings.get("key") ?? "";
  const fields = {
    number: document.getElementById("number"),
    expiry: document.getElementById("expiry"),
    cvc: document.getElementById("cvc"),
  };
  applyAppearance(JSON.parse(settings.get("appearance") ?? "{}"));

  const tell = (event, detail = {}) =>
    window.parent.postMessage({ stripeEmulator: "event", event, detail }, "*");
  const digits = (text) => text.replace(/\D/g, "");

  function format(name) {
    const typed = digits(fields[name].value);
    if (name === "number") return (typed.slice(0, 19).match(/.{1,4}/g) ?? []).join(" ");
    if (name === "cvc") return typed.slice(0, 4);
    const month = /^[2-9]/.test(typed) ? `0${typed}` : typed;
    return month.length <= 2 ? month : `${month.slice(0, 2)} / ${month.slice(2, 4)}`;
  }

  function expiry() {
    const typed = digits(fields.expiry.value);
    return {
      month: Number(typed.slice(0, 2)),
      year: 2000 + Number(typed.slice(2, 4)),
      complete: typed.length === 4,
    };
  }

  function passesLuhn(number) {
    const sum = [...number].reverse().reduce((total, letter, index) => {
      const doubled = Number(letter) * (index % 2 === 1 ? 2 : 1);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
    return number.length >= 12 && sum % 10 === 0;
  }

  /** The first thing that is wrong with each field, in the words that Stripe uses. */
  function problems() {
    const found = {};
    const number = digits(fields.number.value);
    const { month, year, complete } = expiry();
    if (number.length < 14) found.number = ["incomplete_number", "Your card number is incomplete."];
    else if (!passesLuhn(number)) found.number = ["invalid_number", "Your card number is invalid."];
    const lastDay = new Date(year, month, 0, 23, 59, 59);
    if (!complete) found.expiry = ["incomplete_expiry", "Your card's expiration date is incomplete."];
    else if (month < 1 || month > 12)
      found.expiry = ["invalid_expiry_month", "Your card's expiration date is invalid."];
    else if (lastDay < new Date())
      found.expiry = ["invalid_expiry_year_past", "Your card's expiration year is in the past."];
    if (digits(fields.cvc.value).length < 3)
      found.cvc = ["incomplete_cvc", "Your card's security code is incomplete."];
    return found;
  }

  function show(name, message) {
    fields[name].setAttribute("aria-invalid", message === "" ? "false" : "true");
    document.getElementById(`${name}-error`).textContent = message;
    resize();
  }

  function resize() {
    tell("resize", { height: document.documentElement.offsetHeight });
  }

  function change() {
    const empty = Object.values(fields).every((field) => field.value === "");
    const complete = Object.keys(problems()).length === 0;
    tell("change", { elementType: "payment", empty, complete, collapsed: false, value: { type: "card" } });
  }

  /** Shows every problem; answers the first as Stripe's validation error, or nothing. */
  function validate() {
    const found = problems();
    for (const name of Object.keys(fields)) show(name, found[name]?.[1] ?? "");
    const [first] = Object.entries(found);
    if (first === undefined) return {};
    const [name, [code, message]] = first;
    fields[name].focus();
    return { error: { type: "validation_error", code, message } };
  }

  async function confirm({ clientSecret, returnUrl, billingDetails, shipping }) {
    const refused = validate();
    if (refused.error) return refused;
    const { month, year } = expiry();
    const body = new URLSearchParams({
      key,
      client_secret: clientSecret,
      use_stripe_sdk: "true",
      "payment_method_data[type]": "card",
      "payment_method_data[card][number]": digits(fields.number.value),
      "payment_method_data[card][exp_month]": String(month),
      "payment_method_data[card][exp_year]": String(year),
      "payment_method_data[card][cvc]": digits(fields.cvc.value),
    });
    if (returnUrl) body.set("return_url", returnUrl);
    flatten(body, "payment_method_data[billing_details]", billingDetails);
    flatten(body, "shipping", shipping);
    const id = clientSecret.split("_secret_")[0];
    const result = await post(`/v1/payment_intents/${encodeURIComponent(id)}/confirm`, body);
    if (result.error) showDecline(result.error);
    return result;
  }

  function flatten(body, name, value) {
    if (value === undefined || value === null) return;
    if (typeof value === "object")
      for (const part of Object.keys(value)) flatten(body, `${name}[${part}]`, value[part]);
    else body.set(name, String(value));
  }

  async function post(path, body) {
    try {
      const response = await fetch(path, { method: "POST", body });
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

  /** A refused card is shown at the field it is about. */
  function showDecline({ type, code, message }) {
    if (type !== "card_error") return;
    if (/cvc/.test(code ?? "")) show("cvc", message);
    else if (/expir/.test(code ?? "")) show("expiry", message);
    else show("number", message);
  }

  function applyAppearance({ theme, variables = {} }) {
    const names = {
      colorPrimary: "--primary",
      colorBackground: "--background",
      colorText: "--text",
      colorTextSecondary: "--note",
      colorDanger: "--danger",
      fontFamily: "--font",
      borderRadius: "--radius",
    };
    const night =
      theme === "night"
        ? { colorBackground: "#30313d", colorText: "#fff", colorTextSecondary: "#a9adba" }
        : {};
    for (const [name, value] of Object.entries({ ...night, ...variables })) {
      if (names[name]) document.documentElement.style.setProperty(names[name], value);
    }
  }

  const actions = {
    submit: () => {
      const refused = validate();
      return refused.error ? refused : { selectedPaymentMethod: "card" };
    },
    confirm,
    focus: () => fields.number.focus(),
    clear: () => {
      for (const name of Object.keys(fields)) {
        fields[name].value = "";
        show(name, "");
      }
      change();
    },
  };

  window.addEventListener("message", async ({ data, source }) => {
    if (source !== window.parent || data?.stripeEmulator !== "call" || !(data.action in actions)) return;
    const result = await actions[data.action](data.details ?? {});
    window.parent.postMessage({ stripeEmulator: "result", call: data.call, result: result ?? {} }, "*");
  });

  for (const name of Object.keys(fields)) {
    fields[name].addEventListener("input", () => {
      fields[name].value = format(name);
      show(name, "");
      change();
    });
    fields[name].addEventListener("focus", () => tell("focus", { elementType: "payment" }));
    fields[name].addEventListener("blur", () => {
      const problem = fields[name].value === "" ? undefined : problems()[name];
      show(name, problem?.[1] ?? "");
      tell("blur", { elementType: "payment" });
    });
  }
  document.getElementById("card").addEventListener("submit", (event) => event.preventDefault());
  resize();
  tell("ready", { elementType: "payment" });
})();
