/**
 * Every page of the store in every state worth proving something about: one list for the accessibility proofs, the gallery
 * and Lighthouse. A new page joins it here, or at least the sample pages (web/preview), which join by themselves.
 */
import type { Page, Response } from "playwright-core";
import { finishAnimations, loadEverything, submitUnchecked } from "./in-page.ts";
import type { CartName, OrderName, Scene } from "./scene.ts";

export interface StorePage {
  /** Also its file's name in the gallery. */
  readonly name: string;
  /** Brings a page of a fresh browser profile there. @throws Error where the store answers otherwise than the page should */
  readonly open: (page: Page, scene: Scene) => Promise<void>;
}

/** What Lighthouse measures: the way most visitors come in. */
export const MEASURED_PAGES = [
  { name: "home", path: "/" },
  { name: "product", path: "/products/aurora-pro" },
  { name: "search", path: "/search?q=aurora" },
] as const;

/** As shoppers reach them in a running store. */
const REACHED_PAGES: readonly StorePage[] = [
  at("home", "/"),
  at("listing", "/products"),
  at("listing-category", "/products?category=phones"),
  at("listing-filtered", "/products?category=phones&inStock=true"),
  at("search-start", "/search"),
  at("search", "/search?q=aurora"),
  at("search-filtered", "/search?q=aurora&color=graphite&inStock=true"),
  at("search-misspelled", "/search?q=auorra"),
  at("search-nothing", "/search?q=zeppelin"),
  at("product", "/products/aurora-pro"),
  at("product-low", (scene) => scene.product("low")),
  at("product-sold-out", (scene) => scene.product("soldOut")),
  at("product-drop", "/products/aurora-fold"),
  at("product-accessory", "/products/braid-cable"),
  at("product-added", "/products/aurora-mini", addToCart),
  at("compare", "/compare?p=aurora-pro&p=aurora&p=aurora-mini"),
  at("compare-empty", "/compare"),
  at("cart-empty", "/cart"),
  withCart("cart", "full", "/cart"),
  withCart("cart-sold-out", "soldOut", "/cart"),
  withCart("checkout", "full", "/checkout"),
  withCart("checkout-errors", "full", "/checkout", submitEmptyCheckout),
  ofOrder("pay", "reserved", "/pay", cardFormShown),
  ofOrder("pay-declined", "declined", "/pay", cardFormShown),
  ofOrder("order-reserved", "reserved"),
  ofOrder("order-declined", "declined"),
  ofOrder("order-paid", "paid"),
  ofOrder("order-cancelled", "cancelled"),
  at("account-sign-in", "/account/sign-in"),
  at("account-sign-up", "/account/sign-up"),
  at("account-forgot", "/account/forgot"),
  at("find-order", "/orders/find"),
  at("help", "/help"),
  at("shipping", "/shipping"),
  at("returns", "/returns"),
  at("privacy", "/privacy"),
  at("design", "/design"),
  at("offline", "/offline"),
  { name: "not-found", open: (page) => goTo(page, "/no-such-page", 404) },
  { name: "product-not-found", open: (page) => goTo(page, "/products/no-such-product", 404) },
];

/** The quick look that every test run takes. */
export const SMOKE_PAGES: readonly StorePage[] = ["home", "product", "checkout-errors", "not-found"].map(
  pageNamed,
);

/**
 * The whole list: what can be reached, and sample pages for the rest: states that pass at once in a running store, or that
 * only a failure brings about.
 */
export async function everyPage(scene: Scene): Promise<readonly StorePage[]> {
  const reached = new Set(REACHED_PAGES.map(({ name }) => name));
  const samples = (await scene.sampleNames()).filter((name) => !reached.has(name));
  return [...REACHED_PAGES, ...samples.map(sample)];
}

/** @throws Error where no such page can be reached in a running store */
function pageNamed(name: string): StorePage {
  const found = REACHED_PAGES.find((page) => page.name === name);
  if (found === undefined) throw new Error(`there is no page "${name}" in tests/browser/pages.ts`);
  return found;
}

/** Waits until nothing on the page changes any more by itself: pictures, also those further down, and what scripts add. */
export async function settle(page: Page): Promise<void> {
  await page.waitForLoadState("load");
  await page.evaluate(loadEverything);
  await page.waitForLoadState("networkidle");
  // Pages fade in; what is half shown has another contrast.
  await page.evaluate(finishAnimations);
}

type Act = (page: Page) => Promise<void>;

function at(name: string, path: string | ((scene: Scene) => Promise<string>), act?: Act): StorePage {
  return {
    name,
    async open(page, scene) {
      await goTo(page, typeof path === "string" ? path : await path(scene));
      await act?.(page);
    },
  };
}

function withCart(name: string, cart: CartName, path: string, act?: Act): StorePage {
  return {
    name,
    async open(page, scene) {
      await scene.takeCart(page.context(), cart);
      await goTo(page, path);
      await act?.(page);
    },
  };
}

function ofOrder(name: string, order: OrderName, below = "", act?: Act): StorePage {
  return {
    name,
    async open(page, scene) {
      const { orderId, token } = await scene.order(order);
      await goTo(page, `/orders/${orderId}${below}?token=${token}`);
      await act?.(page);
    },
  };
}

function sample(name: string): StorePage {
  return {
    name,
    async open(page, scene) {
      const html = await scene.sample(name);
      const address = new URL(`/samples/${name}`, scene.store.url).href;
      // Scripts and styles come from the store; what scripts ask for would be about an order that is not there.
      await page.route("**/api/**", (route) => route.abort());
      await page.route(address, (route) =>
        route.fulfill({ contentType: "text/html; charset=utf-8", body: html }),
      );
      await page.goto(address);
    },
  };
}

async function goTo(page: Page, path: string, status = 200): Promise<void> {
  const response: Response | null = await page.goto(path);
  if (response?.status() === status) return;
  throw new Error(`${path} answers ${String(response?.status())}, not ${String(status)}`);
}

async function addToCart(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByText("Added to your cart.").first().waitFor();
}

/** As a browser sends it that checks nothing by itself. */
async function submitEmptyCheckout(page: Page): Promise<void> {
  await page.locator('form[action="/checkout"]').evaluate(submitUnchecked);
  await page.locator("[aria-invalid=true]").first().waitFor();
}

async function cardFormShown(page: Page): Promise<void> {
  const frame = page.frameLocator('iframe[title="Secure payment input frame"]');
  await frame.getByLabel("Card number").waitFor();
}
