/** The cart's page and its forms, as a browser without JavaScript uses them. */
import { beforeEach, describe, expect, test } from "vitest";
import { CABLE, PHONE, cookiesOf, keepTestCatalog, send, sendForm } from "./store-under-test.ts";

beforeEach(keepTestCatalog);

/** A browser with this in its cart. */
async function withCart(sku: string, quantity: number): Promise<string> {
  return cookiesOf(await sendForm("/cart/lines", { sku, quantity: String(quantity) }));
}
const page = async (path: string, cookie: string) => await (await send(path, { headers: { cookie } })).text();
const quantityShown = (html: string) => /<option value="(\d+)" selected/.exec(html)?.[1];

describe("the cart's page", () => {
  test("offers no more than one customer may buy, and adds no more either", async () => {
    const first = await sendForm("/cart/lines", { sku: PHONE, quantity: "2" });
    expect(first.headers.get("location")).toBe(`/cart?limited=${PHONE}`);
    const cookie = cookiesOf(first);
    const html = await page(`/cart?limited=${PHONE}`, cookie);
    expect(html).toContain("1 is the most one customer can buy: Test phone");
    expect(html.match(/<option /g)).toHaveLength(1);
    const again = await sendForm("/cart/lines", { sku: PHONE, quantity: "1" }, { cookie });
    expect([again.status, await again.text()]).toEqual([
      422,
      expect.stringContaining("Your cart has 1 of these already") as string,
    ]);
  });

  test("offers to undo a removal, with the quantity there was", async () => {
    const cookie = await withCart(CABLE, 3);
    const removed = await sendForm(`/cart/lines/${CABLE}/remove`, {}, { cookie });
    const address = removed.headers.get("location") ?? "";
    expect([removed.status, address]).toEqual([303, `/cart?removed=${CABLE}&quantity=3`]);
    const html = await page(address, cookie);
    expect(html).toContain("Removed: Test cable");
    expect(html).toMatch(
      new RegExp(`action="/cart/lines/${CABLE}"[^>]*><input type="hidden" name="quantity" value="3"`),
    );
    await sendForm(`/cart/lines/${CABLE}`, { quantity: "3" }, { cookie });
    const restored = await page(address, cookie);
    expect([restored.includes("Removed:"), quantityShown(restored)]).toEqual([false, "3"]);
  });

  test("believes no address that names what is not sold, or a quantity that is none", async () => {
    for (const query of [
      "removed=NO-SUCH-SKU&quantity=1",
      `removed=${CABLE}&quantity=99`,
      `removed=${CABLE}`,
    ])
      expect(await page(`/cart?${query}`, "")).not.toContain("Removed:");
  });

  test("does not say that something was removed where nothing was", async () => {
    const removed = await sendForm(`/cart/lines/${CABLE}/remove`, {}, { cookie: await withCart(PHONE, 1) });
    expect(removed.headers.get("location")).toBe("/cart");
  });
});
