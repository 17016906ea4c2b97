/** What every handler of the app can reach: the bindings and what the outermost middleware set. */
import type { Context } from "hono";
import type { ThirdParty } from "./middleware/content-security-policy.ts";

export interface AppEnv {
  Bindings: Env;
  Variables: {
    /** The id in `x-request-id`, in problem documents, on error pages and in the log. */
    requestId: string;
    /** Whose code, or whose sign-in, the page that is answered needs; said through `siteOf`. */
    thirdParties?: readonly ThirdParty[];
    /** What the page's scripts bear where one of those runs code. */
    nonce?: string | undefined;
  };
}

export type AppContext = Context<AppEnv>;
