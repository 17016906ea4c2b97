import { describe, expect, it } from "vitest";
import { renderOrderLink } from "./order-link.ts";

describe("the e-mail with the way to an order", () => {
  const { subject, html, text } = renderOrderLink(
    "1aaaabcd1234",
    "https://store.example/orders/1aaaabcd1234?token=t&x=1",
    "https://store.example",
  );

  it("names the order by its number and leads there, as text too", () => {
    expect(subject).toBe("Your link to Holdfast order ABCD-1234");
    expect(html).toContain('href="https://store.example/orders/1aaaabcd1234?token=t&amp;x=1"');
    expect(text).toContain("See the order: https://store.example/orders/1aaaabcd1234?token=t&x=1");
  });

  it("says that the link is a right", () => {
    expect(text).toContain("keep it to yourself");
    expect(html).toContain("keep it to yourself");
  });
});
