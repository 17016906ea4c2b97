/** The part of Stripe.js that the payment page uses, and how it is loaded. */

export interface StripeError {
  readonly type: string;
  readonly code?: string;
  readonly message?: string;
}

export interface PaymentElement {
  mount(container: HTMLElement): void;
  on(event: "ready" | "loaderror", handler: (event: { error?: StripeError }) => void): void;
}

export interface StripeElements {
  create(type: "payment", options?: { layout: string }): PaymentElement;
  submit(): Promise<{ error?: StripeError }>;
}

export interface Stripe {
  elements(options: { clientSecret: string; appearance?: unknown }): StripeElements;
  confirmPayment(options: {
    elements: StripeElements;
    confirmParams: { return_url: string };
    redirect: "if_required";
  }): Promise<{ error?: StripeError; paymentIntent?: { status: string } }>;
}

type StripeConstructor = (publishableKey: string) => Stripe;

const LOAD_TIMEOUT_MS = 20_000;

/**
 * Loads the script once and answers its constructor.
 *
 * @throws where it cannot be loaded in time; a later call tries anew
 */
export async function loadStripe(url: string): Promise<StripeConstructor> {
  const present = constructorInPage();
  if (present !== null) return present;
  const script = document.createElement("script");
  script.src = url;
  script.async = true;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error("Stripe.js did not load in time"));
    }, LOAD_TIMEOUT_MS);
    script.onload = () => {
      clearTimeout(timer);
      resolve();
    };
    script.onerror = () => {
      clearTimeout(timer);
      reject(new Error("Stripe.js could not be loaded"));
    };
    document.head.append(script);
  }).catch((error: unknown) => {
    script.remove();
    throw error;
  });
  const loaded = constructorInPage();
  if (loaded === null) throw new Error("Stripe.js loaded without its constructor");
  return loaded;
}

function constructorInPage(): StripeConstructor | null {
  const { Stripe } = window as { Stripe?: StripeConstructor };
  return Stripe ?? null;
}
