/** The payment page: starts the payment, mounts Stripe's Payment Element, confirms, and goes on to the order. */
import type { OrderView, PaymentView } from "../../src/contracts/orders.ts";
import { callApi } from "./api.ts";
import { startHoldCountdown, type HoldCountdown } from "./hold-countdown.ts";
import { announce } from "./live-region.ts";
import { paymentAnswer } from "./payment-answers.ts";
import { paymentAppearance } from "./payment-appearance.ts";
import { poll } from "./poll.ts";
import { setText, show } from "./show.ts";
import { loadStripe, type Stripe, type StripeElements, type StripeError } from "./stripe-js.ts";
import { nextTryMs } from "./retry-after.ts";

/** While the card form is open: is the order still waiting for it? (Paid or cancelled in another tab.) */
const LOOK_EVERY_MS = 10_000;

interface PaymentPage {
  readonly root: HTMLElement;
  readonly orderPath: string;
  readonly apiPath: string;
  hold: HoldCountdown | null;
  /** While Stripe confirms, nothing may take the shopper elsewhere. */
  confirming: boolean;
}

export function startPaymentPage(): void {
  const root = document.querySelector<HTMLElement>("[data-payment]");
  const orderId = root?.dataset["orderId"];
  if (root === null || orderId === undefined) return;
  const id = encodeURIComponent(orderId);
  const page: PaymentPage = {
    root,
    orderPath: `/orders/${id}`,
    apiPath: `/api/orders/${id}`,
    hold: null,
    confirming: false,
  };
  page.hold = startHoldCountdown(document, () => {
    if (!page.confirming) location.replace(page.orderPath);
  });
  root.querySelector("[data-payment-retry]")?.addEventListener("click", () => void begin(page));
  followElsewhere(page);
  void begin(page);
}

/** Starts the payment, waiting in line where we are asked to; then shows the card form. */
async function begin(page: PaymentPage): Promise<void> {
  wait(page, "Preparing the payment…", "");
  for (let tries = 1; ; tries += 1) {
    const result = await callApi<PaymentView>("POST", `${page.apiPath}/payment`);
    if (result.ok) {
      page.hold?.extendTo(result.value.holdExpiresAt);
      await openForm(page, result.value);
      return;
    }
    const answer = paymentAnswer(result.status, result.retryAfterMs, tries, Math.random());
    if (answer.do === "leave") {
      location.replace(page.orderPath);
      return;
    }
    if (answer.do === "stop") {
      stop(page, answer.title, answer.detail);
      return;
    }
    await waitVisibly(page, answer.waitMs, answer.title, answer.detail);
  }
}

async function openForm(page: PaymentPage, payment: PaymentView): Promise<void> {
  const container = page.root.querySelector<HTMLElement>("[data-payment-element]");
  const form = page.root.querySelector<HTMLFormElement>("[data-payment-form]");
  if (container === null || form === null) return;
  try {
    const stripe = (await loadStripe(page.root.dataset["stripeJs"] ?? ""))(payment.publishableKey);
    const elements = stripe.elements({ clientSecret: payment.clientSecret, appearance: paymentAppearance() });
    const element = elements.create("payment", { layout: "tabs" });
    element.on("ready", () => {
      show(page.root.querySelector("[data-payment-wait]"), false);
    });
    element.on("loaderror", () => {
      show(form, false);
      stop(page, "The card form could not be loaded", "Your items are still held for you.");
    });
    container.replaceChildren();
    show(form);
    element.mount(container);
    form.onsubmit = (event) => {
      event.preventDefault();
      void confirm(page, form, stripe, elements);
    };
  } catch (error) {
    console.error(error);
    show(form, false);
    stop(
      page,
      "The card form could not be loaded",
      "Your items are still held. An ad blocker may stand in the way.",
    );
  }
}

async function confirm(
  page: PaymentPage,
  form: HTMLFormElement,
  stripe: Stripe,
  elements: StripeElements,
): Promise<void> {
  if (page.confirming) return;
  page.confirming = true;
  const button = form.querySelector<HTMLButtonElement>("[data-payment-submit]");
  const label = [...(button?.childNodes ?? [])];
  button?.setAttribute("aria-disabled", "true");
  button?.replaceChildren("Paying…");
  showError(form, null);
  try {
    const checked = await elements.submit();
    const error = checked.error ?? (await pay(page, stripe, elements));
    if (error === undefined) {
      location.assign(`${page.orderPath}?payment=submitted`);
      return;
    }
    // The intent is no longer one that can be paid: the order knows why.
    if (error.code === "payment_intent_unexpected_state") location.assign(page.orderPath);
    showError(form, error);
  } catch (fault) {
    console.error(fault);
    showError(form, { type: "api_connection_error" });
  }
  page.confirming = false;
  button?.removeAttribute("aria-disabled");
  button?.replaceChildren(...label);
}

async function pay(
  page: PaymentPage,
  stripe: Stripe,
  elements: StripeElements,
): Promise<StripeError | undefined> {
  const result = await stripe.confirmPayment({
    elements,
    confirmParams: { return_url: `${location.origin}${page.orderPath}` },
    redirect: "if_required",
  });
  return result.error;
}

function showError(form: HTMLFormElement, error: StripeError | null): void {
  const place = form.querySelector("[data-payment-error]");
  show(place, error !== null);
  if (error === null) return;
  const byCard = error.type === "card_error" || error.type === "validation_error";
  const text = byCard && error.message !== undefined ? error.message : "The payment could not be completed.";
  setText(place, byCard ? text : `${text} You have not been charged twice. Please try again.`);
}

/** Leaves when the order was decided in another place: paid, cancelled or ended. */
function followElsewhere(page: PaymentPage): void {
  let failures = 0;
  poll(async () => {
    const result = await callApi<OrderView>("GET", page.apiPath);
    if (!result.ok) {
      if (result.status === 404) return null;
      failures += 1;
      return Math.max(LOOK_EVERY_MS, nextTryMs(failures, result.retryAfterMs, Math.random()));
    }
    failures = 0;
    page.hold?.extendTo(result.value.holdExpiresAt);
    if (result.value.status !== "reserved" && !page.confirming) location.replace(page.orderPath);
    return LOOK_EVERY_MS + Math.random() * LOOK_EVERY_MS;
  }, LOOK_EVERY_MS);
}

async function waitVisibly(page: PaymentPage, waitMs: number, title: string, detail: string): Promise<void> {
  announce(title);
  const until = performance.now() + waitMs;
  for (let leftMs = waitMs; leftMs > 0; leftMs = until - performance.now()) {
    wait(page, title, `${detail} Next try in\u00a0${Math.ceil(leftMs / 1000)}\u00a0s.`);
    await new Promise((resolve) => setTimeout(resolve, Math.min(1000, leftMs)));
  }
}

function wait(page: PaymentPage, title: string, detail: string): void {
  const place = page.root.querySelector<HTMLElement>("[data-payment-wait]");
  if (place === null) return;
  place.dataset["state"] = "waiting";
  setText(place.querySelector("[data-payment-wait-title]"), title);
  setText(place.querySelector("[data-payment-wait-detail]"), detail);
  show(place.querySelector("[data-payment-retry]"), false);
  show(place);
}

function stop(page: PaymentPage, title: string, detail: string): void {
  wait(page, title, detail);
  announce(title);
  const place = page.root.querySelector<HTMLElement>("[data-payment-wait]");
  if (place !== null) place.dataset["state"] = "stopped";
  show(page.root.querySelector("[data-payment-retry]"));
}
