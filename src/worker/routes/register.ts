/** Registers the handler of an endpoint under the method and path that the endpoint table names. */
import type { Handler, Hono, MiddlewareHandler } from "hono";
import type { AppContext, AppEnv } from "../app-env.ts";
import type { Endpoint } from "../openapi/endpoint.ts";
import { ENDPOINTS, routePath, type EndpointName } from "../openapi/endpoints.ts";

export type App = Hono<AppEnv>;

/** @param before middleware of this endpoint alone, in order */
export function register(
  app: App,
  name: EndpointName,
  handler: Handler<AppEnv>,
  ...before: readonly MiddlewareHandler<AppEnv>[]
): void {
  const endpoint: Endpoint = ENDPOINTS[name];
  app.on([endpoint.method.toUpperCase()], [routePath(endpoint)], ...before, handler);
}

/** A path parameter of the matched route, decoded. */
export function pathParameter(c: AppContext, name: string): string {
  return c.req.param(name) ?? "";
}
