/** Looking an order up over the API: the same answer whether or not there is one. */
import { OrderLookupBody, type OrderLookupAnswer } from "../../contracts/orders.ts";
import type { AppContext } from "../app-env.ts";
import { problem } from "../middleware/problem.ts";
import { readJson, refuseBody } from "../middleware/request-body.ts";
import { askForOrderLink, LOOKUP_ANSWER } from "../order-lookup.ts";
import { register, type App } from "./register.ts";

export function registerOrderLookup(app: App): void {
  register(app, "lookUpOrder", lookUpOrder);
}

async function lookUpOrder(c: AppContext): Promise<Response> {
  const body = await readJson(c.req.raw, OrderLookupBody);
  if (!body.ok) return refuseBody(c, body);
  const verdict = await askForOrderLink(c, body.value);
  if (!verdict.ok) return problem(c, verdict.code, { retryAfterSeconds: verdict.retryAfterSeconds });
  c.header("cache-control", "no-store");
  return c.json({ message: LOOKUP_ANSWER } satisfies OrderLookupAnswer, 202);
}
