/** What the payment page does with an answer that is not a payment: go elsewhere, wait in line, or say so. Pure. */
import { nextTryMs } from "./retry-after.ts";

export type PaymentAnswer =
  /** The order's own page knows what happened. */
  | { readonly do: "leave" }
  /** Ask again by itself. */
  | { readonly do: "wait"; readonly waitMs: number; readonly title: string; readonly detail: string }
  | { readonly do: "stop"; readonly title: string; readonly detail: string };

/** More tries than this by itself would only keep a broken part busy; then a button asks. */
const MAX_TRIES = 20;

/**
 * @param status HTTP status, 0 where no answer came
 * @param tries tries made so far, from 1
 * @param random in [0, 1)
 */
export function paymentAnswer(
  status: number,
  retryAfterMs: number | null,
  tries: number,
  random: number,
): PaymentAnswer {
  if (status === 409) return { do: "leave" };
  if (status === 404 || status === 401)
    return {
      do: "stop",
      title: "This order cannot be opened here",
      detail: "Open it in the browser you ordered with, or by the link in your e-mail.",
    };
  const passing = status === 0 || status === 429 || status >= 500;
  if (!passing || tries >= MAX_TRIES)
    return {
      do: "stop",
      title: "The payment could not be started",
      detail: "Your items are still held for you, and you have not been charged.",
    };
  const waitMs = nextTryMs(tries, retryAfterMs, random);
  if (status === 429)
    return {
      do: "wait",
      waitMs,
      title: "You are in the queue",
      detail:
        "Many people are paying right now. Your items are held for you, and this page goes on by itself.",
    };
  return {
    do: "wait",
    waitMs,
    title: status === 0 ? "Waiting for the connection" : "The payment service is not answering yet",
    detail: "Your items are held for you, and this page goes on by itself.",
  };
}
