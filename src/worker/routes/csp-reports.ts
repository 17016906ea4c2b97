/**
 * Reports of what a page's policy stopped, counted by directive, by what it was and by kind of page. Whoever sends them may say
 * anything, so nothing of theirs is kept: only words of a fixed list (src/contracts/csp-reports.ts).
 */
import { CspReports, violationsOf } from "../../contracts/csp-reports.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";
import { NOTICE_LIMIT_PERIOD_SECONDS } from "../configuration.ts";
import { problem } from "../middleware/problem.ts";
import { clientNetwork } from "../middleware/read-limit.ts";
import { readJson, refuseBody } from "../middleware/request-body.ts";
import { register, type App } from "./register.ts";

export function registerCspReports(app: App): void {
  register(app, "reportPolicyViolations", takeReports);
}

async function takeReports(c: AppContext): Promise<Response> {
  const { telemetry, reportLimit } = servicesOf(c.env);
  if (!(await reportLimit.allows(clientNetwork(c))))
    return problem(c, "rate_limited", { retryAfterSeconds: NOTICE_LIMIT_PERIOD_SECONDS });
  const body = await readJson(c.req.raw, CspReports);
  if (!body.ok) return refuseBody(c, body);
  for (const { directive, blocked, page } of violationsOf(body.value)) {
    telemetry.count("csp_violations", { outcome: directive, where: `${page} ${blocked}` });
    // A visitor's own extension is no fault of the page.
    if (blocked !== "extension")
      telemetry.log("warn", "page.policy_violated", { reason: directive, source: blocked, route: page });
  }
  return c.body(null, 204);
}
