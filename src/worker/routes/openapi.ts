/** The OpenAPI document, made when it is first asked for. */
import { openApiDocument } from "../openapi/document.ts";
import { register, type App } from "./register.ts";

let text: string | null = null;

export function registerOpenApi(app: App): void {
  register(app, "getOpenApi", (c) => {
    text ??= JSON.stringify(openApiDocument());
    const headers = { "content-type": "application/json", "cache-control": "public, max-age=300" };
    return c.body(text, 200, headers);
  });
}
