/** `GET /api/search`: products by text and filters, with facets. The same for everyone, so the edge keeps it. */
import { parseSearchQuery } from "../../contracts/search-parameters.ts";
import { listTags, nextDrop, sharedJson, type Lifetime } from "../caching.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";
import { fieldErrors } from "../middleware/request-body.ts";
import { problem } from "../middleware/problem.ts";
import { limitReads } from "../middleware/read-limit.ts";
import { search } from "../search.ts";
import { register, type App } from "./register.ts";

/** Products that are not among the items move its counts as well, so it is asked anew sooner than a page that bears all its tags. */
const SEARCH_LIFETIME: Lifetime = { freshSeconds: 10, staleSeconds: 120 };
/** What was found while Postgres was away is soon to be replaced. */
const DEGRADED_LIFETIME: Lifetime = { freshSeconds: 2, staleSeconds: 10 };

export function registerSearch(app: App): void {
  register(app, "searchProducts", searchProducts, limitReads);
}

async function searchProducts(c: AppContext): Promise<Response> {
  const query = parseSearchQuery(new URL(c.req.url).searchParams);
  if (!query.success) return problem(c, "validation_failed", { errors: fieldErrors(query.error) });
  const services = servicesOf(c.env);
  const { degraded, ...answer } = await search(services, query.data);
  return sharedJson(c, answer, {
    tags: listTags(answer.items),
    lifetime: degraded ? DEGRADED_LIFETIME : SEARCH_LIFETIME,
    changesAt: nextDrop((await services.catalog.index()).drops, Date.now()),
  });
}
