/** One API request from bytes to bytes: key, parameters, limits, idempotency, effect, answer. */
import type { Context } from "hono";
import type { ApiRoute } from "./api-routes.ts";
import { authenticate } from "./authentication.ts";
import type { ApiKeys, Caller } from "./authentication.ts";
import { invalidRequest, resourceMissing, StripeFailure } from "./errors.ts";
import { API_VERSION } from "./events.ts";
import { expand } from "./expansion.ts";
import type { FaultInjector, InjectedError } from "./faults.ts";
import { decodeForm } from "./form-decoding.ts";
import type { FormObject } from "./form-decoding.ts";
import { IdempotencyKeys, parametersFingerprint } from "./idempotency.ts";
import { newId } from "./identifiers.ts";
import type { Operation } from "./operation.ts";
import { forBrowser } from "./payment-intents.ts";
import type { EmulatorState } from "./state.ts";

export type PipelineOptions = {
  state: EmulatorState;
  faults: FaultInjector;
  keys: ApiKeys;
  nowMs: () => number;
  sleep: (ms: number) => Promise<unknown>;
};

/** A request that was read and may be executed. */
type ApiRequest = {
  route: ApiRoute;
  id: string;
  path: string;
  params: FormObject;
  rawParams: string;
  caller: Caller;
  requestId: string;
  idempotencyKey: string | null;
  origin: string;
};

/** `storable` is false where Stripe would not remember the answer for the idempotency key. */
type Outcome = { status: number; body: string; storable: boolean };

type Reply = { status: number; body: string; headers: Record<string, string> };

const INJECTED_ERROR: Outcome = {
  status: 500,
  body: JSON.stringify({ error: { type: "api_error", message: "An unknown error occurred." } }),
  storable: true,
};

export class ApiPipeline {
  readonly #options: PipelineOptions;
  readonly #idempotency: IdempotencyKeys;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#idempotency = new IdempotencyKeys(options.state);
  }

  /** Answers a request to `route`, whatever happens; a fault of the emulator itself is logged and answered 500. */
  async serve(context: Context, route: ApiRoute): Promise<Response> {
    const requestId = newId("req");
    const common = {
      "Content-Type": "application/json",
      "Request-Id": requestId,
      "Stripe-Version": context.req.header("Stripe-Version") ?? API_VERSION,
    };
    const reply = await this.#reply(context, route, requestId);
    return new Response(reply.body, { status: reply.status, headers: { ...common, ...reply.headers } });
  }

  async #reply(context: Context, route: ApiRoute, requestId: string): Promise<Reply> {
    try {
      const request = await this.#read(context, route, requestId);
      if (!this.#options.faults.admits(this.#options.nowMs())) return rateLimited();
      if (request.idempotencyKey === null) return await this.#withoutKey(request);
      return await this.#withKey(request, request.idempotencyKey);
    } catch (error) {
      if (error instanceof StripeFailure)
        return { status: error.status, body: failureBody(error), headers: retryHint(error.status) };
      console.error("The emulator failed:", error);
      const body = JSON.stringify({
        error: { type: "api_error", message: `The emulator failed: ${String(error)}` },
      });
      return { status: 500, body, headers: {} };
    }
  }

  async #read(context: Context, route: ApiRoute, requestId: string): Promise<ApiRequest> {
    const url = new URL(context.req.url);
    const rawParams = route.method === "POST" ? await context.req.text() : url.search.slice(1);
    const params = decodeForm(rawParams);
    const authorization = context.req.header("Authorization");
    const caller = authenticate(authorization, params, this.#options.keys, route.browser !== undefined);
    const id = context.req.param("id") ?? "";
    if (caller === "publishable" && route.browser === "with_client_secret")
      this.#checkClientSecret(id, params);
    const idempotencyKey = route.method === "POST" ? (context.req.header("Idempotency-Key") ?? null) : null;
    return {
      route,
      id,
      path: url.pathname,
      params,
      rawParams,
      caller,
      requestId,
      idempotencyKey,
      origin: url.origin,
    };
  }

  #checkClientSecret(id: string, params: FormObject): void {
    const intent = this.#options.state.paymentIntents.get(id);
    if (intent === undefined) throw resourceMissing("payment_intent", id, "intent");
    if (params["client_secret"] === intent.client_secret) return;
    throw invalidRequest(
      "The client_secret provided does not match the client_secret associated with this PaymentIntent.",
      {
        param: "client_secret",
      },
    );
  }

  async #withoutKey(request: ApiRequest): Promise<Reply> {
    await this.#simulateLatency();
    const outcome = this.#execute(request, this.#options.faults.nextError());
    await this.#options.state.commit();
    return { status: outcome.status, body: outcome.body, headers: {} };
  }

  async #withKey(request: ApiRequest, key: string): Promise<Reply> {
    const fingerprint = parametersFingerprint(request.rawParams);
    const kept = this.#idempotency.claim(key, request.path, fingerprint, this.#options.nowMs());
    const headers: Record<string, string> = { "Idempotency-Key": key };
    if (kept !== null) {
      headers["Idempotent-Replayed"] = "true";
      headers["Original-Request"] = kept.requestId;
      return { status: kept.status, body: kept.body, headers: { ...headers, ...retryHint(kept.status) } };
    }
    try {
      await this.#simulateLatency();
      // From here to the commit nothing waits: the effect and the answer kept for the key are one transaction.
      const outcome = this.#execute(request, this.#options.faults.nextError());
      if (outcome.storable) {
        this.#idempotency.keep(key, {
          fingerprint,
          endpoint: request.path,
          status: outcome.status,
          body: outcome.body,
          requestId: request.requestId,
          createdMs: this.#options.nowMs(),
        });
      }
      await this.#options.state.commit();
      return {
        status: outcome.status,
        body: outcome.body,
        headers: { ...headers, ...retryHint(outcome.status) },
      };
    } finally {
      this.#idempotency.release(key);
    }
  }

  #execute(request: ApiRequest, injected: InjectedError): Outcome {
    if (injected === "before") return INJECTED_ERROR;
    const { state, nowMs } = this.#options;
    const operation: Operation = {
      state,
      now: Math.floor(nowMs() / 1000),
      requestId: request.requestId,
      idempotencyKey: request.idempotencyKey,
      origin: request.origin,
    };
    try {
      const answer = request.route.run(operation, request.params, request.id);
      const expanded = expand(state, answer.body, request.params);
      const body = JSON.stringify(request.caller === "publishable" ? hideFromBrowser(expanded) : expanded);
      return injected === "after" ? INJECTED_ERROR : { status: answer.status, body, storable: true };
    } catch (error) {
      state.rollback();
      if (!(error instanceof StripeFailure)) throw error;
      return { status: error.status, body: failureBody(error), storable: !error.beforeExecution };
    }
  }

  async #simulateLatency(): Promise<void> {
    const { latencyMs } = this.#options.faults.current;
    if (latencyMs > 0) await this.#options.sleep(latencyMs);
  }
}

function failureBody(failure: StripeFailure): string {
  return JSON.stringify({ error: failure.body });
}

/** A key that is in use is worth a retry; a 500 would only be replayed. */
function retryHint(status: number): Record<string, string> {
  if (status === 409) return { "Stripe-Should-Retry": "true" };
  return status >= 500 ? { "Stripe-Should-Retry": "false" } : {};
}

function rateLimited(): Reply {
  const message =
    "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.";
  const failure = new StripeFailure(
    429,
    { type: "invalid_request_error", code: "rate_limit", message },
    true,
  );
  const headers = { "Stripe-Rate-Limited-Reason": "global-rate", "Stripe-Should-Retry": "false" };
  return { status: 429, body: failureBody(failure), headers };
}

/** A publishable key sees a part of an intent only, also of the one inside an error. */
function hideFromBrowser(body: object): object {
  if (isIntent(body)) return forBrowser(body);
  const { error } = body as { error?: { payment_intent?: object } };
  if (error?.payment_intent === undefined || !isIntent(error.payment_intent)) return body;
  return { error: { ...error, payment_intent: forBrowser(error.payment_intent) } };
}

function isIntent(body: object): boolean {
  return "object" in body && body.object === "payment_intent";
}
