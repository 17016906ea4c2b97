/** Handlers of the API that only somebody signed in has. */
import type { SignedIn } from "../../adapters/accounts/accounts.ts";
import { recordedSessionOf } from "../accounts/session.ts";
import type { AppContext } from "../app-env.ts";
import { problem } from "../middleware/problem.ts";

/** Answers 401 where nobody is signed in. What the handler answers is nobody else's, so it is never kept. */
export function forSignedIn(
  handler: (c: AppContext, who: SignedIn) => Promise<Response>,
): (c: AppContext) => Promise<Response> {
  return async (c) => {
    const who = await recordedSessionOf(c);
    if (who === null) return problem(c, "unauthorised");
    c.header("cache-control", "no-store");
    return await handler(c, who);
  };
}
