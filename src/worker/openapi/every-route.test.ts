/** The API document against the app itself: a route that somebody registers past the table of endpoints is named here. */
import { describe, expect, it } from "vitest";
import { createApp } from "../app.ts";
import { sendJson } from "../store-under-test.ts";
import { ALL_ENDPOINTS } from "./account-endpoints.ts";
import { openApiDocument } from "./document.ts";
import type { Security } from "./endpoint.ts";

const API = "/api/";

function documented(): string[] {
  const { paths } = openApiDocument() as { paths: Record<string, Record<string, unknown>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`),
  );
}

function registered(): string[] {
  const routes = createApp().routes.filter(({ method, path }) => method !== "ALL" && path.startsWith(API));
  return [...new Set(routes.map(({ method, path }) => `${method} ${path}`))];
}

describe("the API document", () => {
  it("names every route of the API, and none that the app does not have", () => {
    expect(documented().sort()).toEqual(registered().sort());
  });

  it.each(Object.entries(ALL_ENDPOINTS))("is right about the credentials of %s", async (_, endpoint) => {
    const body = endpoint.method === "get" ? undefined : {};
    const path = endpoint.path.replace(/\{\w+\}/g, "NO-SUCH-THING");
    const { status } = await sendJson(endpoint.method.toUpperCase(), path, body);
    if (opensWithout(endpoint.security)) expect(status).not.toBe(401);
    // A body may be judged before the session is, and the session may be unknown without Postgres.
    else expect(status).toBeGreaterThanOrEqual(400);
  });
});

const opensWithout = (security: Security) => security === "none" || security === "shopper";
