/** Stripe.js and its Payment Element in a real browser, on a page as a shop would write it. */
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import chromium from "@sparticuz/chromium";
import { chromium as playwright } from "playwright-core";
import type { Browser, FrameLocator, Page } from "playwright-core";
import type Stripe from "stripe";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startEmulator, USD } from "./emulator-under-test.ts";
import type { UnderTest } from "./emulator-under-test.ts";
import { DEFAULT_PUBLISHABLE_KEY } from "./server.ts";

let emulator: UnderTest;
let shop: Server;
let shopUrl: string;
let browser: Browser;
let page: Page;

/** The bundled browser is Linux only; elsewhere the protocol tests have to do. */
const inBrowser = describe.skipIf(process.platform !== "linux");

/** Mounts the element, confirms on click, and writes what comes of it where the test can read it. */
function shopPage(clientSecret: string, redirect: string): string {
  return `<!doctype html><title>Shop</title><div id="element"></div><button id="pay" disabled>Pay</button><pre id="result"></pre>
<script src="${emulator.url}/v3/"></script>
<script>
  const stripe = Stripe(${JSON.stringify(DEFAULT_PUBLISHABLE_KEY)});
  const elements = stripe.elements({ clientSecret: ${JSON.stringify(clientSecret)}, locale: "en", appearance: { theme: "stripe" } });
  const element = elements.create("payment", { layout: "tabs" });
  element.on("ready", () => { document.getElementById("pay").disabled = false; });
  element.on("change", ({ complete }) => { document.body.dataset.complete = complete; });
  element.mount("#element");
  document.getElementById("pay").onclick = async () => {
    const checked = await elements.submit();
    const result = checked.error ? checked : await stripe.confirmPayment({
      elements, confirmParams: { return_url: location.origin + "/done?order=1" }, redirect: ${JSON.stringify(redirect)},
    });
    document.getElementById("result").textContent = JSON.stringify(result);
  };
</script>`;
}

beforeAll(async () => {
  if (process.platform !== "linux") return;
  emulator = await startEmulator();
  shop = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://shop");
    response.setHeader("Content-Type", "text/html");
    if (pathname !== "/pay") return response.end("<title>Done</title>");
    return response.end(shopPage(searchParams.get("secret") ?? "", searchParams.get("redirect") ?? "always"));
  });
  await new Promise<void>((resolve) => shop.listen(0, "127.0.0.1", resolve));
  shopUrl = `http://localhost:${(shop.address() as AddressInfo).port}`;
  // Not the package's own arguments: they turn web security off, which is what the frames are about.
  const args = ["--no-sandbox", "--disable-gpu", "--headless=shell"];
  browser = await playwright.launch({ executablePath: await chromium.executablePath(), args });
});
afterAll(async () => {
  if (process.platform !== "linux") return;
  await browser.close();
  await emulator.close();
  await new Promise((resolve) => shop.close(resolve));
});

inBrowser("the Payment Element", () => {
  let intent: Stripe.PaymentIntent;
  let card: FrameLocator;

  beforeEach(async () => {
    intent = await emulator.stripe.paymentIntents.create({
      ...USD,
      capture_method: "manual",
      automatic_payment_methods: { enabled: true },
    });
    page = await browser.newPage();
  });
  afterEach(() => page.close());

  async function open(redirect = "if_required"): Promise<void> {
    await page.goto(
      `${shopUrl}/pay?${new URLSearchParams({ secret: intent.client_secret ?? "", redirect }).toString()}`,
    );
    card = page.frameLocator('iframe[title="Secure payment input frame"]');
  }

  async function pay(number: string): Promise<void> {
    await card.getByLabel("Card number").fill(number);
    await card.getByLabel("Expiration date").fill("1240");
    await card.getByLabel("Security code").fill("123");
    await page.locator("#pay").click();
  }

  async function result(): Promise<unknown> {
    await page.waitForFunction(
      () => (globalThis as unknown as PageGlobals).document.getElementById("result").textContent !== "",
    );
    return JSON.parse((await page.locator("#result").textContent()) ?? "");
  }

  it("authorises a good card and stays on the page where that is enough", async () => {
    await open();
    await pay("4242424242424242");
    expect(await result()).toMatchObject({ paymentIntent: { id: intent.id, status: "requires_capture" } });
    expect(await page.locator("body").getAttribute("data-complete")).toBe("true");
    expect(await emulator.stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      amount_capturable: 119_900,
    });
  });

  it("goes back to the shop with the outcome in the address", async () => {
    await open("always");
    await pay("5555555555554444");
    await page.waitForURL("**/done?*");
    const { searchParams } = new URL(page.url());
    expect(Object.fromEntries(searchParams)).toEqual({
      order: "1",
      payment_intent: intent.id,
      payment_intent_client_secret: intent.client_secret,
      redirect_status: "succeeded",
    });
  });

  it("shows what is wrong with the fields before anything is sent", async () => {
    await open();
    await pay("424242");
    expect(await result()).toMatchObject({ error: { type: "validation_error", code: "incomplete_number" } });
    expect(await card.getByText("Your card number is incomplete.").isVisible()).toBe(true);
    expect(await emulator.stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      last_payment_error: null,
    });
  });

  it("answers a decline as an error and takes another card", async () => {
    await open();
    await pay("4000000000009995");
    expect(await result()).toMatchObject({
      error: { type: "card_error", decline_code: "insufficient_funds" },
    });
    expect(await card.getByText("Your card has insufficient funds.").isVisible()).toBe(true);
    await page.locator("#result").evaluate((element: { textContent: string }) => (element.textContent = ""));
    await pay("4242424242424242");
    expect(await result()).toMatchObject({ paymentIntent: { status: "requires_capture" } });
  });

  it.each([
    ["Complete", { paymentIntent: { status: "requires_capture" } }],
    ["Fail", { error: { code: "payment_intent_authentication_failure" } }],
  ])("leads through the bank's challenge: %s", async (button, expected) => {
    await open();
    await pay("4000002760003184");
    await page
      .frameLocator('iframe[title="3D Secure authentication"]')
      .getByRole("button", { name: button })
      .click();
    expect(await result()).toMatchObject(expected);
  });
});

/** The little of the page's globals that is used inside `waitForFunction`; tests are compiled without DOM types. */
type PageGlobals = { document: { getElementById: (id: string) => { textContent: string } } };
