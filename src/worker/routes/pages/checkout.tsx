/** Checkout: the form, and placing the order it describes. Works without JavaScript; errors keep what was typed. */
import { orderToken } from "../../../adapters/signing/index.ts";
import type { CartView } from "../../../contracts/catalog.ts";
import { PlaceOrderBody } from "../../../contracts/orders.ts";
import { PROBLEMS, type FieldError } from "../../../contracts/problem.ts";
import {
  agreedTotal,
  isOfItems,
  readAgreement,
  writeAgreement,
  type Agreement,
} from "../../../domain/agreement.ts";
import { latestOpening } from "../../../domain/challenge.ts";
import { countriesServed, isServed, quotesFor, type Quotes } from "../../../domain/rates.ts";
import type { CheckoutRefusal } from "../../../../web/components/checkout-notice.tsx";
import {
  AGREED_FIELD,
  EMPTY_CHECKOUT,
  TOTALS_FIELD,
  type CheckoutValues,
} from "../../../../web/components/checkout-values.ts";
import { CheckoutPage, type CheckoutPageProps } from "../../../../web/pages/checkout.tsx";
import { renderPage } from "../../../../web/render.ts";
import { signedInOf } from "../../accounts/session.ts";
import type { AppContext } from "../../app-env.ts";
import { checkOut, type CheckoutOutcome } from "../../checkout.ts";
import { servicesOf } from "../../compose.ts";
import { keepOrder } from "../../cookies.ts";
import { likelyCountry } from "../../destination.ts";
import { meaningOf } from "../../faults.ts";
import { fieldErrors } from "../../middleware/request-body.ts";
import { timestamp } from "../../order-view.ts";
import { claimIn, personCheckFor } from "../../person-check.ts";
import { cartIdOf } from "../../own-cart.ts";
import { prefillOf } from "../../profile/prefill.ts";
import { refuse } from "../../refuse.ts";
import { readCart } from "../../shopper-cart.ts";
import { cartView } from "../../storefront.ts";
import type { App } from "../register.ts";
import { readForm } from "./form.ts";
import { PERSONAL_PAGE, siteOf } from "./site.ts";

/** A typed value longer than this is cut: no field of the contract is. */
const MAX_TYPED_LENGTH = 300;
/** When nothing better is known, a busy store asks for this much patience. */
const DEFAULT_RETRY_AFTER_SECONDS = 5;

export function registerCheckoutPages(app: App): void {
  app.get("/checkout", showCheckout);
  app.post("/checkout", submitCheckout);
}

interface OpenCart {
  readonly cartId: string;
  readonly view: CartView;
}

/** The cart that is to be checked out; null where there is nothing in it. */
async function openCart(c: AppContext): Promise<OpenCart | null> {
  const services = servicesOf(c.env);
  const cartId = await cartIdOf(c);
  if (cartId === null) return null;
  const view = await cartView(services, await readCart(c));
  return view.lines.length === 0 ? null : { cartId, view };
}

async function showCheckout(c: AppContext): Promise<Response> {
  const cart = await openCart(c);
  if (cart === null) return c.redirect("/cart", 303);
  const rates = await servicesOf(c.env).catalog.rates();
  const values = { ...EMPTY_CHECKOUT, country: likelyCountry(c, rates), ...(await prefillOf(c)) };
  return render(c, cart, {
    values: { ...values, ...(isServed(rates, c.req.query("country") ?? "") ? typedPlace(c) : {}) },
  });
}

/** The page's own script asks for the totals of the address in the form. */
function typedPlace(c: AppContext): Pick<CheckoutValues, "country" | "region"> {
  return {
    country: c.req.query("country") ?? "",
    region: (c.req.query("region") ?? "").slice(0, MAX_TYPED_LENGTH),
  };
}

async function submitCheckout(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const cart = await openCart(c);
  if (cart === null) return c.redirect("/cart", 303);
  const values = valuesOf(form.fields);
  const agreed = readAgreement(form.fields.get(AGREED_FIELD) ?? "");
  const turnstileToken = claimIn(form.fields);
  const formerTotal = agreedTotal(form.fields.get(TOTALS_FIELD) ?? "", values.shippingMethod);
  const body = bodyOf(cart.view, values, formerTotal);
  const rawBody = turnstileToken === undefined ? body : { ...body, turnstileToken };
  const parsed = PlaceOrderBody.safeParse(rawBody);
  const posted = form.fields;
  const errors = parsed.success ? [] : fieldErrors(parsed.error);
  if (!parsed.success || errors.length > 0) return render(c, cart, { values, posted, errors, status: 422 });
  const { cartId, view } = cart;
  // Also where the form does not say: nobody is sold what they may not have seen.
  if (agreed === null || !isOfItems(agreed, shownLines(view))) {
    return render(c, cart, { values, posted, refusal: { kind: "cart_changed" }, status: 409 });
  }
  const { quotes } = await quotesOf(c, agreed, values);
  // Where there is none, placing says what is wrong with country, region or method.
  const quote = quotes.find(({ method }) => method.code === values.shippingMethod);
  if (quote !== undefined && quote.totals.total !== formerTotal) {
    const refusal: CheckoutRefusal = {
      kind: "totals_changed",
      formerTotal,
      currentTotal: quote.totals.total,
    };
    return render(c, cart, { values, posted, refusal, status: 409 });
  }
  let outcome: CheckoutOutcome;
  try {
    outcome = await checkOut(c, { cartId, revision: view.revision }, parsed.data, rawBody, agreed);
  } catch (fault) {
    return unplaced(c, cart, { values, posted }, fault);
  }
  if (outcome.ok) {
    const { orderId, status } = outcome.record;
    rememberOrder(c, orderId);
    return c.redirect(status === "reserved" ? `/orders/${orderId}/pay` : `/orders/${orderId}`, 303);
  }
  // The shopper's own open order, of this cart: the page leads there, so the browser gets the right to it.
  if ("orderId" in outcome) rememberOrder(c, outcome.orderId);
  if (outcome.code === "open_order") {
    const refusal: CheckoutRefusal = { kind: "open_order", orderId: outcome.orderId };
    return render(c, cart, { values, posted, refusal, status: 409 });
  }
  if (outcome.code === "cart_used_up") {
    return render(c, cart, { values, posted, refusal: { kind: "cart_used_up" }, status: 409 });
  }
  const { status } = PROBLEMS[outcome.code];
  if (outcome.code === "validation_failed" && outcome.chargeFault === undefined)
    return render(c, cart, { values, posted, errors: outcome.errors ?? [], status });
  if (outcome.retryAfterSeconds !== undefined) c.header("retry-after", String(outcome.retryAfterSeconds));
  const refusal = refusalOf(outcome, formerTotal);
  return render(c, cart, { values, posted, refusal, status });
}

function rememberOrder(c: AppContext, orderId: string): void {
  keepOrder(c, orderId, orderToken(servicesOf(c.env).signing, orderId));
}

/** Something did not answer: what was typed is kept, and trying again is safe. */
function unplaced(
  c: AppContext,
  cart: OpenCart,
  typed: Pick<Shown, "values" | "posted">,
  fault: unknown,
): Promise<Response> {
  const { code, retryAfterSeconds = DEFAULT_RETRY_AFTER_SECONDS } = meaningOf(fault);
  servicesOf(c.env).telemetry.fault("checkout.failed", fault, { requestId: c.get("requestId"), code });
  const refusal: CheckoutRefusal =
    code === "rate_limited" ? { kind: "busy", retryAfterSeconds } : { kind: "unavailable" };
  if (code !== "internal") c.header("retry-after", String(retryAfterSeconds));
  return render(c, cart, { ...typed, refusal, status: PROBLEMS[code].status });
}

interface Shown {
  readonly values: CheckoutValues;
  /** The form this answers. */
  readonly posted?: URLSearchParams;
  readonly errors?: readonly FieldError[];
  readonly refusal?: CheckoutRefusal;
  readonly status?: (typeof PROBLEMS)[keyof typeof PROBLEMS]["status"];
}

async function render(c: AppContext, { view }: OpenCart, shown: Shown): Promise<Response> {
  c.header("cache-control", PERSONAL_PAGE);
  const { posted, refusal = null } = shown;
  const waitFrom = await dropOpening(c, view);
  const wasRefused = refusal?.kind === "unproven";
  const check = waitFrom === null ? null : personCheckFor(c, "place_order", { posted, wasRefused, waitFrom });
  const rates = await servicesOf(c.env).catalog.rates();
  const page = (
    <CheckoutPage
      site={check === null ? siteOf(c) : siteOf(c, "turnstile")}
      cart={view}
      personCheck={check}
      values={shown.values}
      errors={shown.errors ?? []}
      refusal={refusal}
      answered={shown.status !== undefined}
      {...agreedNow(view, posted, refusal)}
      quotes={await quotesOf(c, shownLines(view), shown.values)}
      countries={countriesServed(rates)}
      offersSignIn={(await signedInOf(c)) === null}
      holdSeconds={servicesOf(c.env).durations.holdMs / 1000}
      now={Date.now()}
    />
  );
  return c.html(renderPage(page), shown.status ?? 200);
}

/** When the latest drop in this cart opened or opens (epoch ms); null where nothing of it is in its drop. */
async function dropOpening(c: AppContext, { lines }: CartView): Promise<number | null> {
  const { catalog } = servicesOf(c.env);
  const entries = await catalog.skus(lines.map(({ sku }) => sku));
  return latestOpening(
    entries.map((entry) => entry?.terms.opensAt ?? null),
    Date.now(),
  );
}

function valuesOf(fields: URLSearchParams): CheckoutValues {
  const typed = (name: keyof CheckoutValues) => (fields.get(name) ?? "").slice(0, MAX_TYPED_LENGTH);
  return {
    email: typed("email"),
    name: typed("name"),
    line1: typed("line1"),
    line2: typed("line2"),
    city: typed("city"),
    region: typed("region"),
    postalCode: typed("postalCode"),
    country: typed("country"),
    shippingMethod: typed("shippingMethod"),
  };
}

/** What items cost, delivered to the address in the form. */
async function quotesOf(c: AppContext, lines: Agreement, place: CheckoutValues): Promise<Quotes> {
  const rates = await servicesOf(c.env).catalog.rates();
  return quotesFor(rates, place, lines, lines[0]?.currency ?? "");
}

/** The items of the page, as a shopper agrees to them. */
function shownLines({ lines }: CartView): Agreement {
  return lines.map(({ sku, quantity, unitPrice: { amount, currency } }) => ({
    sku,
    quantity,
    unitAmountMinor: amount,
    currency,
  }));
}

/** Refusals that tell what is new: who sends the form after one of these agrees to what it shows. */
const TELLS_WHAT_CHANGED: readonly CheckoutRefusal["kind"][] = [
  "cart_changed",
  "price_changed",
  "totals_changed",
];

/** What the form is about: the page's items and totals; still those of the form that is answered, unless the answer says what changed. */
function agreedNow(
  view: CartView,
  posted: URLSearchParams | undefined,
  refusal: CheckoutRefusal | null,
): Pick<CheckoutPageProps, "agreed" | "agreedTotals"> {
  const agreed = posted?.get(AGREED_FIELD) ?? "";
  const isKept =
    readAgreement(agreed) !== null && (refusal === null || !TELLS_WHAT_CHANGED.includes(refusal.kind));
  return isKept
    ? { agreed, agreedTotals: posted?.get(TOTALS_FIELD) ?? "" }
    : { agreed: writeAgreement(shownLines(view)) };
}

/** The body that the API would be sent for this form. */
function bodyOf(cart: CartView, values: CheckoutValues, total: number | null) {
  const { email, shippingMethod, line2, region, ...address } = values;
  return {
    lines: cart.lines.map(({ sku, quantity }) => ({ sku, quantity })),
    email,
    shippingAddress: {
      ...address,
      ...(line2.trim() === "" ? {} : { line2 }),
      ...(region.trim() === "" ? {} : { region }),
    },
    shippingMethod,
    ...(total === null ? {} : { expectedTotal: total }),
  };
}

function refusalOf(
  refusal: Exclude<CheckoutOutcome, { ok: true } | { code: "open_order" | "cart_used_up" }>,
  formerTotal: number | null,
): CheckoutRefusal {
  const { code, lines = [], orderId, currentTotal = 0, opensAt, retryAfterSeconds, chargeFault } = refusal;
  switch (code) {
    case "price_changed":
      return { kind: "price_changed", formerTotal: formerTotal ?? currentTotal, currentTotal };
    case "sold_out":
      return { kind: code, lines };
    case "purchase_limit":
      return {
        kind: code,
        lines,
        ...(orderId === undefined ? {} : { orderId }),
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      };
    case "not_on_sale":
      return { kind: "not_on_sale", opensAt: opensAt === undefined ? null : timestamp(opensAt) };
    case "rate_limited":
      return { kind: "busy", retryAfterSeconds: retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS };
    case "hold_expired":
      return { kind: "hold_lost" };
    case "challenge_required":
      return { kind: "unproven" };
    case "validation_failed":
      return chargeFault === undefined
        ? { kind: "unavailable" }
        : { kind: "not_chargeable", message: chargeFault.message };
    default:
      return { kind: "unavailable" };
  }
}
