/** Keeps out what the environment means for other programs: a proxy for the Internet, a Postgres of the developer's own. */

const LOOPBACK = ["localhost", "127.0.0.1", "::1"];
/** Variables of libpq, which `pg` reads, too: all that our clients need stands in their URL. */
const LIBPQ_VARIABLE = /^PG[A-Z]+$/;
/** They turn `wrangler dev` to another environment, or let it take this one for the Worker's variables. */
const WRANGLER_VARIABLES = ["CLOUDFLARE_ENV", "CLOUDFLARE_INCLUDE_PROCESS_ENV"];

/**
 * Makes an environment fit for the local platform and its children: loopback is never proxied, and libpq's variables are
 * gone. Node reads proxies anew with each request, so for this process it is never too late.
 */
export function isolateEnvironment(env: NodeJS.ProcessEnv = process.env): void {
  for (const name of Object.keys(env)) {
    if (LIBPQ_VARIABLE.test(name) || WRANGLER_VARIABLES.includes(name)) Reflect.deleteProperty(env, name);
  }
  const unproxied = env["no_proxy"] ?? env["NO_PROXY"] ?? "";
  if (unproxied.trim() === "*") return;
  const hosts = unproxied.split(/[\s,]+/).filter((host) => host !== "");
  const all = [...new Set([...hosts, ...LOOPBACK])].join(",");
  env["no_proxy"] = all;
  env["NO_PROXY"] = all;
}
