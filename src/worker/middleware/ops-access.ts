/** Who may use the ops endpoints: a verified Access token with a role. Fails closed. */
import { getCookie } from "hono/cookie";
import type { AccessDecision, OpsPrincipal, OpsRole } from "../../adapters/access/access.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";
import { bearerToken } from "../cookies.ts";
import { problem } from "./problem.ts";

const WRITERS: readonly OpsRole[] = ["support", "manager"];
const READERS: readonly OpsRole[] = ["viewer", ...WRITERS];
const MANAGERS: readonly OpsRole[] = ["manager"];

/** What a handler of an ops endpoint gets beside the context. */
export type OpsHandler = (c: AppContext, principal: OpsPrincipal) => Promise<Response>;

/** Everyone with a role reads. */
export const forReaders = (handler: OpsHandler) => guarded(READERS, handler);
/** Support and managers change. */
export const forWriters = (handler: OpsHandler) => guarded(WRITERS, handler);
/** Only managers touch stock. */
export const forManagers = (handler: OpsHandler) => guarded(MANAGERS, handler);

function guarded(roles: readonly OpsRole[], handler: OpsHandler): (c: AppContext) => Promise<Response> {
  return async (c) => {
    c.header("cache-control", "no-store");
    const token = tokenOf(c);
    if (token === null) return problem(c, "unauthorised");
    const { access, telemetry } = servicesOf(c.env);
    let decision: AccessDecision;
    try {
      decision = await access.verify(token);
    } catch (error) {
      telemetry.fault("access.keys_unavailable", error, { requestId: c.get("requestId") });
      return problem(c, "temporarily_unavailable", {
        detail: "Your credentials cannot be checked right now.",
      });
    }
    if (!decision.ok) return problem(c, decision.reason === "no_role" ? "forbidden" : "unauthorised");
    if (!roles.includes(decision.principal.role)) return problem(c, "forbidden");
    return await handler(c, decision.principal);
  };
}

/** Access puts the token into a header, and into a cookie of the browser; tools send it as a bearer token. */
function tokenOf(c: AppContext): string | null {
  return (
    c.req.header("cf-access-jwt-assertion") ?? bearerToken(c) ?? getCookie(c, "CF_Authorization") ?? null
  );
}

/** How the audit log names who did it. */
export function actorOf({ email, subject }: OpsPrincipal): string {
  return email ?? subject;
}
