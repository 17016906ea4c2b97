import { describe, expect, it } from "vitest";
import { ownPath } from "./own-path.ts";

describe("a path to go on at", () => {
  it("is one of the store's own, with its query", () => {
    for (const path of ["/", "/account", "/account/security?x=1#here", "/products/aurora-pro?sku=A"])
      expect(ownPath(path)).toBe(path);
  });

  it("leads nowhere else, however it is written", () => {
    for (const path of [
      null,
      undefined,
      "",
      "account",
      "https://elsewhere.example/",
      "//elsewhere.example",
      "/\\elsewhere.example",
      "\\\\elsewhere.example",
      "/\t/elsewhere.example",
      "/\n/elsewhere.example",
      "/.//elsewhere.example",
      "/account/..//elsewhere.example",
      "/account\\elsewhere",
      "/acc\tount",
      "javascript:alert(1)",
      " /account",
      `/${"a".repeat(300)}`,
    ])
      expect(ownPath(path), JSON.stringify(path)).toBeNull();
  });
});
