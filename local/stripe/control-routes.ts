/** `/_emulator/*`: what tests ask of the emulator itself. It listens on the local machine only and asks for no key. */
import { Hono } from "hono";
import type { Context } from "hono";
import { endDispute } from "./disputes.ts";
import { redeliver } from "./events.ts";
import type { FaultInjector } from "./faults.ts";
import { newId } from "./identifiers.ts";
import { ledgerOf } from "./ledger.ts";
import type { Operation } from "./operation.ts";
import { endRefund } from "./refunds.ts";
import type { EmulatorState } from "./state.ts";
import type { WebhookDispatcher } from "./webhook-delivery.ts";
import { CONFIGURED_ENDPOINT_ID } from "./webhook-endpoints.ts";

const MAX_COPIES = 100;

export type ControlOptions = { state: EmulatorState; faults: FaultInjector; dispatcher: WebhookDispatcher };

export function controlRoutes({ state, faults, dispatcher }: ControlOptions): Hono {
  const routes = new Hono();

  routes.get("/faults", (context) => context.json(faults.current));

  routes.post("/faults", async (context) => {
    const body = await readJson(context);
    if (!body.ok) return refuse(context, body.reason);
    const configured = faults.configure(body.value);
    return configured.ok ? context.json(configured.faults) : refuse(context, configured.reason);
  });

  routes.post("/reset", async (context) => {
    faults.clear();
    dispatcher.reset();
    await state.clear((endpoint) => endpoint.id === CONFIGURED_ENDPOINT_ID);
    return context.json({ reset: true });
  });

  routes.get("/ledger", (context) => context.json(ledgerOf(state)));

  routes.get("/events", (context) => {
    const type = context.req.query("type");
    const chosen = [...state.events.values()].filter((event) => type === undefined || event.type === type);
    const events = chosen.map((event) => ({
      id: event.id,
      type: event.type,
      created: event.created,
      object: (event.data.object as { id?: string }).id ?? null,
      pendingWebhooks: state.deliveries.group(event.id).length,
    }));
    return context.json({ events });
  });

  routes.post("/events/:id/redeliver", async (context) => {
    const event = state.events.get(context.req.param("id"));
    if (event === undefined) return context.json({ error: { message: "No such event." } }, 404);
    const body = await readJson(context);
    if (!body.ok) return refuse(context, body.reason);
    const times = readTimes(body.value);
    if (times === null)
      return refuse(context, `the body may hold times, a whole number from 1 to ${MAX_COPIES}`);
    const deliveries = redeliver(state, event, times);
    await state.commit();
    return context.json({ id: event.id, deliveries });
  });

  // How something ends that takes days at Stripe: a refund (succeeded, failed), a dispute (won, lost).
  routes.post("/refunds/:id/:status{succeeded|failed}", async (context) => {
    const { id, status } = context.req.param();
    return await ended(context, endRefund(controlOperation(), id, status as "succeeded" | "failed"));
  });

  routes.post("/disputes/:id/:status{won|lost}", async (context) => {
    const { id, status } = context.req.param();
    return await ended(context, endDispute(controlOperation(), id, status as "won" | "lost"));
  });

  routes.get("/webhooks", (context) => context.json(dispatcher.figures));

  routes.get("/health", (context) => context.json({ status: "ok" }));

  function controlOperation(): Operation {
    return {
      state,
      now: Math.floor(Date.now() / 1000),
      requestId: newId("req"),
      idempotencyKey: null,
      origin: "",
    };
  }

  async function ended(context: Context, isEnded: boolean): Promise<Response> {
    await state.commit();
    if (!isEnded) return context.json({ error: { message: "There is nothing of that id to end." } }, 404);
    return context.json({ ended: true });
  }

  return routes;
}

function refuse(context: Context, reason: string): Response {
  return context.json({ error: { message: reason } }, 400);
}

/** The body as JSON; an empty one reads as `{}`. */
async function readJson(
  context: Context,
): Promise<{ ok: true; value: unknown } | { ok: false; reason: string }> {
  const text = await context.req.text();
  if (text.trim() === "") return { ok: true, value: {} };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, reason: "the body is not JSON" };
  }
}

function readTimes(value: unknown): number | null {
  if (typeof value !== "object" || value === null) return null;
  const { times = 1, ...unknown } = value as { times?: unknown };
  if (Object.keys(unknown).length > 0 || typeof times !== "number" || !Number.isInteger(times)) return null;
  return times >= 1 && times <= MAX_COPIES ? times : null;
}
