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

describe("a product's page", () => {
  const asked = `/products/cable?sku=${CABLE}&notice=asked`;

  test("confirms a notice to the browser that asked for it, and to nobody who has the address alone", async () => {
    const passedOn = await send(asked, { redirect: "manual" });
    expect([passedOn.status, passedOn.headers.get("location")]).toEqual([
      303,
      `/products/cable?sku=${CABLE}`,
    ]);
    for (const cookie of [`__Host-asked=${PHONE}`, "__Host-asked="])
      expect((await send(asked, { headers: { cookie }, redirect: "manual" })).status).toBe(303);
    const own = await send(asked, { headers: { cookie: `__Host-asked=${CABLE}` } });
    expect([own.status, own.headers.get("cache-control")]).toEqual([200, "private, no-store"]);
    expect(await own.text()).toContain("We will tell you.");
  });
});

describe("the cart's page", () => {
  test("offers no more than one customer may buy, and adds no more either", async () => {
    const first = await sendForm("/cart/lines", { sku: PHONE, quantity: "2" });
    expect(first.headers.get("location")).toBe(`/cart?limited=${PHONE}&first=1`);
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

  test("says that a limit was reached only where it is", async () => {
    const cookie = await withCart(CABLE, 3);
    expect(await page(`/cart?limited=${CABLE}`, cookie)).not.toContain("the most one customer can buy");
  });

  test("tells a browser that keeps no cookies that it does not, rather than that its cart is empty alone", async () => {
    const first = await sendForm("/cart/lines", { sku: CABLE, quantity: "1" });
    expect(first.headers.get("location")).toBe("/cart?first=1");
    expect(await page("/cart?first=1", "")).toContain("Your browser did not keep your cart");
    expect(await page("/cart?first=1", cookiesOf(first))).not.toContain("Your browser did not keep");
    const second = await sendForm("/cart/lines", { sku: CABLE, quantity: "1" }, { cookie: cookiesOf(first) });
    expect(second.headers.get("location")).toBe("/cart");
  });

  test("leaves a line as it is where the form does not say how many", async () => {
    const cookie = await withCart(CABLE, 3);
    const answer = await sendForm(`/cart/lines/${CABLE}`, {}, { cookie });
    expect([answer.status, quantityShown(await page("/cart", cookie))]).toEqual([422, "3"]);
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
