/** Every route that the Worker has, asked of the app itself: what nobody declared is found too. */

export interface Route {
  /** `GET /api/orders/:id`, as rows of the matrix are named. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
}

interface AppModule {
  readonly createApp: () => {
    readonly routes: readonly { readonly method: string; readonly path: string }[];
  };
}

/** By a name the compiler does not follow: the Worker is typed against its own runtime, not against Node. */
const APP_MODULE = "../../src/worker/app.ts";

/** Looking comes first, taking away last. */
const METHODS = ["GET", "PUT", "POST", "PATCH", "DELETE"];

/** @returns without middleware, which is registered for all methods */
export async function routesOfTheApp(): Promise<readonly Route[]> {
  const { createApp } = (await import(/* @vite-ignore */ APP_MODULE)) as AppModule;
  const names = createApp()
    .routes.filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path}`);
  const routes = [...new Set(names)].sort().map((name) => {
    const [method = "", path = ""] = name.split(" ");
    return { name, method, path };
  });
  return METHODS.flatMap((wanted) => routes.filter(({ method }) => method === wanted));
}
