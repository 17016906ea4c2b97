/** `GET /api/search` inside workerd with Postgres away: what is refused, and what the catalog in memory still answers. */
import { beforeEach, describe, expect, test } from "vitest";
import { Problem } from "../contracts/problem.ts";
import { SearchAnswer } from "../contracts/search.ts";
import { keepTestCatalog, send } from "./store-under-test.ts";

beforeEach(keepTestCatalog);

const search = async (query: string) => SearchAnswer.parse(await (await send(`/api/search${query}`)).json());

describe("search while Postgres is away", () => {
  test("lists everything with facets where nothing is asked for", async () => {
    const answer = await search("");
    expect(answer.items.map(({ slug }) => slug)).toEqual(["phone", "cable"]);
    expect(answer.total).toBe(2);
    expect(answer.facets.category.map(({ count }) => count)).toEqual([1, 1]);
  });

  test("finds by text, marks it in the name, and goes on page by page", async () => {
    const found = await search("?q=phon");
    expect(found.items.map(({ slug }) => slug)).toEqual(["phone"]);
    expect(found.items[0]?.highlight.some(({ match }) => match)).toBe(true);
    const first = await search("?limit=1");
    const second = await search(`?limit=1&cursor=${first.nextCursor ?? ""}`);
    expect([...first.items, ...second.items].map(({ slug }) => slug)).toEqual(["phone", "cable"]);
    expect(second.nextCursor).toBeNull();
  });

  test.each(["%", "_", "手机", "телефон", "🦊"])(
    "finds nothing for %s rather than everything, and the page says so and helps on",
    async (q) => {
      const asked = `?q=${encodeURIComponent(q)}`;
      const answer = await search(asked);
      expect([answer.total, answer.items, answer.facets.category]).toEqual([0, [], []]);
      const page = await (await send(`/search${asked}`)).text();
      expect(page).toContain(`Nothing found for “${q}”`);
      expect(page).not.toContain("Results for");
      expect(page).toContain('href="/products?category=phones"');
    },
  );

  test("may be kept by the edge only for a moment, with the tags of what it shows", async () => {
    const response = await send("/api/search?q=phone");
    expect(response.headers.get("cache-control")).toMatch(/^public, max-age=0, s-maxage=2,/);
    expect(response.headers.get("cache-tag")).toBe("catalog,product:phone");
  });
});

describe("a search that makes no sense", () => {
  test.each([
    [`q=${"x".repeat(101)}`, "q"],
    ["q=%00", "q"],
    ["q=a&q=b", "q"],
    ["sort=best", "sort"],
    ["limit=0", "limit"],
    ["limit=101", "limit"],
    ["cursor=never-given", "cursor"],
    ["cursor=o10001", "cursor"],
    ["minPrice=-1", "minPrice"],
    ["maxPrice=1.5", "maxPrice"],
    ["minPrice=200&maxPrice=100", "maxPrice"],
    ["inStock=maybe", "inStock"],
    [Array.from({ length: 21 }, (_, n) => `color=c${n}`).join("&"), "color"],
    ["colour=red", "colour"],
  ])("?%.40s is refused by its field", async (query, path) => {
    const response = await send(`/api/search?${query}`);
    expect(response.status).toBe(422);
    expect(Problem.parse(await response.json()).errors?.map((error) => error.path)).toContain(path);
  });
});
