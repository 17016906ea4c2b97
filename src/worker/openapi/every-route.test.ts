/** The API document against the app itself: a route that somebody registers past the table of endpoints is named here. */
import { describe, expect, it } from "vitest";
import { createApp } from "../app.ts";
import { openApiDocument } from "./document.ts";

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
});
