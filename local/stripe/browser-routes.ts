/** What browsers load from the emulator: Stripe.js, the frame with the card fields, and the bank's challenge. */
import { readFileSync } from "node:fs";
import { Hono } from "hono";
import type { Context } from "hono";
import { cardFramePage, challengeDonePage, challengePage } from "./browser-pages.ts";
import { resolveChallenge } from "./confirmation.ts";
import type { Operation } from "./operation.ts";
import type { EmulatorState } from "./state.ts";
import type Stripe from "stripe";

/** Where pages load Stripe.js from; newer releases have a name in the path. */
const STRIPE_JS_PATHS = [
  "/stripe.js",
  "/v3",
  "/v3/",
  "/v3/stripe.js",
  "/basil/stripe.js",
  "/clover/stripe.js",
  "/endive/stripe.js",
];

export type BrowserOptions = { state: EmulatorState; nowMs: () => number };

export function browserRoutes({ state, nowMs }: BrowserOptions): Hono {
  const routes = new Hono();
  const stripeJs = script("stripe.js");
  const cardFrameJs = script("card-frame.js");

  for (const path of STRIPE_JS_PATHS) routes.get(path, (context) => javaScript(context, stripeJs));
  routes.get("/_elements/card-frame.js", (context) => javaScript(context, cardFrameJs));
  routes.get("/_elements/payment", (context) =>
    context.html(cardFramePage(context.req.query("locale") ?? "en")),
  );

  routes.get("/_challenge/:id", (context) => {
    const intent = intentWithSecret(state, context.req.param("id"), context.req.query("client_secret"));
    if (intent === undefined) return context.text("There is no such challenge.", 404);
    return context.html(challengePage(intent, new URL(context.req.url).search));
  });

  routes.post("/_challenge/:id", async (context) => {
    const intent = intentWithSecret(state, context.req.param("id"), context.req.query("client_secret"));
    if (intent === undefined) return context.text("There is no such challenge.", 404);
    const { outcome } = await context.req.parseBody();
    if (outcome !== "complete" && outcome !== "fail")
      return context.text("outcome must be complete or fail.", 400);
    const operation: Operation = {
      state,
      now: Math.floor(nowMs() / 1000),
      requestId: null,
      idempotencyKey: null,
      origin: new URL(context.req.url).origin,
    };
    const answered = resolveChallenge(operation, intent, outcome === "complete");
    await state.commit();
    const returnUrl = context.req.query("return_url");
    if (context.req.query("embedded") !== undefined || returnUrl === undefined)
      return context.html(challengeDonePage(answered));
    return context.redirect(withOutcome(returnUrl, answered), 303);
  });

  return routes;
}

function script(name: string): string {
  return readFileSync(new URL(`./browser/${name}`, import.meta.url), "utf8");
}

function javaScript(context: Context, source: string): Response {
  return context.body(source, 200, {
    "Content-Type": "text/javascript; charset=utf-8",
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "public, max-age=60",
  });
}

function intentWithSecret(
  state: EmulatorState,
  id: string,
  secret: string | undefined,
): Stripe.PaymentIntent | undefined {
  const intent = state.paymentIntents.get(id);
  return intent?.client_secret === secret ? intent : undefined;
}

/** The return address with the three parameters that Stripe adds. */
function withOutcome(returnUrl: string, intent: Stripe.PaymentIntent): string {
  const url = new URL(returnUrl);
  url.searchParams.set("payment_intent", intent.id);
  url.searchParams.set("payment_intent_client_secret", intent.client_secret ?? "");
  url.searchParams.set("redirect_status", intent.last_payment_error === null ? "succeeded" : "failed");
  return url.href;
}
