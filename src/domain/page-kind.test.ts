import { describe, expect, it } from "vitest";
import { pageKindOf } from "./page-kind.ts";

describe("the kind of a page", () => {
  it.each([
    ["/", "home"],
    ["/products", "listing"],
    ["/products/aurora-pro", "product"],
    ["/search", "search"],
    ["/cart", "cart"],
    ["/checkout", "checkout"],
    ["/orders/a0123456789/pay", "payment"],
    ["/orders/a0123456789", "order"],
    ["/help", "other"],
    ["/products/aurora-pro/notices", "other"],
    ["/%2F", "other"],
  ])("of %s is %s", (path, kind) => {
    expect(pageKindOf(path)).toBe(kind);
  });
});
