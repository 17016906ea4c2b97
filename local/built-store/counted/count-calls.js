/**
 * Counts the calls that an invocation of the Worker makes to other parts: what the platform limits and a local runtime does not.
 * Imported before the Worker, so that nothing has taken hold of `fetch` yet.
 */
import { AsyncLocalStorage } from "node:async_hooks";

/** An invocation's background work goes on after its answer; it is told after this long, by when most of that is done. */
const TELL_AFTER_MS = 1_000;

const invocations = new AsyncLocalStorage();

function count(kind, size = 0) {
  const invocation = invocations.getStore();
  if (invocation === undefined) return;
  invocation.calls += 1;
  invocation.kinds[kind] = (invocation.kinds[kind] ?? 0) + 1;
  invocation.largestBody = Math.max(invocation.largestBody, size);
}

const realFetch = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const body = init?.body;
  count("fetch", typeof body === "string" ? body.length : 0);
  return realFetch(input, init);
};
for (const method of ["match", "put", "delete"]) {
  const real = Cache.prototype[method];
  Cache.prototype[method] = function (...args) {
    count("cache");
    return real.apply(this, args);
  };
}

/** Runs a handler, and prints one JSON line of what it called: `{"event":"invocation.calls","name","calls","kinds","largestBody"}`. */
export async function countedInvocation(name, ctx, handle) {
  const invocation = { event: "invocation.calls", name, calls: 0, kinds: {}, largestBody: 0 };
  return await invocations.run(invocation, async () => {
    try {
      return await handle();
    } finally {
      ctx.waitUntil(scheduler.wait(TELL_AFTER_MS).then(() => console.log(JSON.stringify(invocation))));
    }
  });
}

const wrapped = new WeakMap();

/** The bindings, with every call to an object, a queue or the mailer counted. The same for the same bindings. */
export function countedEnv(env) {
  if (!wrapped.has(env)) {
    const bindings = Object.fromEntries(
      Object.entries(env).map(([name, binding]) => [name, counted(binding)]),
    );
    wrapped.set(env, bindings);
  }
  return wrapped.get(env);
}

function counted(binding) {
  if (typeof binding !== "object" || binding === null) return binding;
  if (typeof binding.getByName === "function") {
    return {
      getByName: (...args) => countedMethods(binding.getByName(...args), "object"),
    };
  }
  if (typeof binding.sendBatch === "function") return countedMethods(binding, "queue");
  if (typeof binding.send === "function") return countedMethods(binding, "email");
  return binding;
}

function countedMethods(target, kind) {
  return new Proxy(target, {
    get(_, name) {
      return (...args) => {
        count(kind);
        return target[name](...args);
      };
    },
  });
}
