/** The built Worker, with its calls counted: the same classes, the same handlers. */
import { countedEnv, countedInvocation } from "./count-calls.js";
import built from "./index.js";

export * from "./index.js";

export default {
  fetch: (request, env, ctx) =>
    countedInvocation("fetch", ctx, () => built.fetch(request, countedEnv(env), ctx)),
  queue: (batch, env, ctx) =>
    countedInvocation(`queue ${batch.queue}`, ctx, () => built.queue(batch, countedEnv(env), ctx)),
  scheduled: (controller, env, ctx) =>
    countedInvocation(`cron ${controller.cron}`, ctx, () =>
      built.scheduled(controller, countedEnv(env), ctx),
    ),
};
