/** The Worker's entry: requests, queue batches, cron, and the three Durable Object classes. */
import { composeConsumers } from "../queues/compose.ts";
import type { StockLevel } from "../contracts/messages.ts";
import { dispatch } from "../queues/dispatch.ts";
import { createApp } from "./app.ts";
import { servicesOf } from "./compose.ts";
import { dropPagesOfSkus } from "./page-cache/stock-changes.ts";
import { composeScheduled } from "./scheduled/compose.ts";
import { runScheduled } from "./scheduled/index.ts";

export { Cart } from "../durable-objects/cart/cart.ts";
export { OrderShard } from "../durable-objects/order-shard/order-shard.ts";
export { SkuInventory } from "../durable-objects/sku-inventory/sku-inventory.ts";

const app = createApp();

export default {
  fetch: (request, env, ctx) =>
    servicesOf(env).edgeCache.serve(request, ctx, (asked) => app.fetch(asked, env, ctx)),

  async queue(batch, env, ctx) {
    const services = servicesOf(env);
    services.edgeCache.detect(ctx);
    const { catalog, database, redis, mailer, stripe, signing: signingKeys, telemetry } = services;
    const statusChanged = (levels: readonly StockLevel[]) => dropPagesOfSkus(levels, services);
    const consumers = { catalog, database, redis, mailer, stripe, signingKeys, telemetry, statusChanged };
    await dispatch(batch, composeConsumers(env, consumers));
  },

  async scheduled({ cron, scheduledTime }, env, ctx) {
    const { catalog, database, edgeCache, stripe, telemetry } = servicesOf(env);
    edgeCache.detect(ctx);
    await runScheduled(cron, scheduledTime, composeScheduled(env, { catalog, database, stripe, telemetry }));
  },
} satisfies ExportedHandler<Env>;
