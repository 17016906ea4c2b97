/** What every handler of the app can reach: the bindings and what the outermost middleware set. */
import type { Context } from "hono";

export interface AppEnv {
  Bindings: Env;
  Variables: {
    /** The id in `x-request-id`, in problem documents, on error pages and in the log. */
    requestId: string;
  };
}

export type AppContext = Context<AppEnv>;
