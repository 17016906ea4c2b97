/** How a request is refused where it is not known yet who asks: a problem document under /api, a page elsewhere. */
import type { ProblemCode } from "../contracts/problem.ts";
import type { AppContext } from "./app-env.ts";
import { problem, type ProblemOptions } from "./middleware/problem.ts";
import { refusalPage } from "./routes/pages/refusals.tsx";

export function refuse(c: AppContext, code: ProblemCode, options: ProblemOptions = {}): Response {
  return isApi(c) ? problem(c, code, options) : refusalPage(c, code, options);
}

export function isApi(c: AppContext): boolean {
  return c.req.path === "/api" || c.req.path.startsWith("/api/");
}
