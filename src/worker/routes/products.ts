/** The catalog and what is left of it, over the API. Cacheable at the edge: nothing personal in it. */
import {
  MAX_AVAILABILITY_SKUS,
  Sku,
  type AvailabilityList,
  type ProductList,
} from "../../contracts/catalog.ts";
import type { AppContext } from "../app-env.ts";
import { BRIEF_LIFETIME, listTags, nextOpening, productTag, sharedJson } from "../caching.ts";
import { servicesOf } from "../compose.ts";
import { problem } from "../middleware/problem.ts";
import { limitReads } from "../middleware/read-limit.ts";
import { timestamp } from "../order-view.ts";
import { availabilityOf, inStock } from "../storefront.ts";
import { UNKNOWN_CURSOR, pageOf } from "./page-of.ts";
import { pathParameter, register, type App } from "./register.ts";

export function registerProducts(app: App): void {
  register(app, "listProducts", listProducts, limitReads);
  register(app, "getProduct", getProduct, limitReads);
  register(app, "getAvailability", getAvailability, limitReads);
}

async function listProducts(c: AppContext): Promise<Response> {
  const page = pageOf(c);
  if (!page.ok) return problem(c, "validation_failed", { errors: page.errors });
  const services = servicesOf(c.env);
  const { list } = await services.catalog.index();
  // The cursor is the slug of the last product shown: it holds while products are added and reordered around it.
  const start = page.cursor === undefined ? 0 : list.findIndex(({ slug }) => slug === page.cursor) + 1;
  if (page.cursor !== undefined && start === 0)
    return problem(c, "validation_failed", { errors: UNKNOWN_CURSOR });
  const slugs = list.slice(start, start + page.limit).map(({ slug }) => slug);
  const items = (await inStock(services, await services.catalog.products(slugs))).map(
    ({ product }) => product,
  );
  const nextCursor = start + page.limit < list.length ? (slugs.at(-1) ?? null) : null;
  return sharedJson(c, { items, nextCursor } satisfies ProductList, {
    tags: listTags(items),
    changesAt: nextOpening(items, Date.now()),
  });
}

async function getProduct(c: AppContext): Promise<Response> {
  const services = servicesOf(c.env);
  const found = await services.catalog.product(pathParameter(c, "slug"));
  if (found === null) return problem(c, "not_found");
  const [shown] = await inStock(services, [found]);
  return sharedJson(c, shown?.product ?? found, {
    tags: [productTag(found.slug)],
    changesAt: nextOpening([found], Date.now()),
  });
}

async function getAvailability(c: AppContext): Promise<Response> {
  const asked = c.req.queries("sku") ?? [];
  if (asked.length === 0 || asked.length > MAX_AVAILABILITY_SKUS) {
    const message = `ask for 1 to ${MAX_AVAILABILITY_SKUS} SKUs`;
    return problem(c, "validation_failed", { errors: [{ path: "sku", message }] });
  }
  const unknown = (indexes: readonly number[]): Response =>
    problem(c, "validation_failed", {
      errors: indexes.map((index) => ({ path: `sku.${index}`, message: "is not a SKU of this store" })),
    });
  const malformed = asked.flatMap((sku, index) => (Sku.safeParse(sku).success ? [] : [index]));
  if (malformed.length > 0) return unknown(malformed);
  const found = await availabilityOf(servicesOf(c.env), asked);
  if (!found.ok) return unknown(found.unknownAt);
  const { items, asOf } = found.answer;
  // Untagged: it is older than a second for nobody.
  const list: AvailabilityList = { items, asOf: timestamp(asOf), serverTime: timestamp(Date.now()) };
  return sharedJson(c, list, {
    tags: [],
    lifetime: BRIEF_LIFETIME,
  });
}
