/** The page that finds an order: asks for its number and address, has the link sent, and says so whatever was found. */
import { OrderLookupBody } from "../../../contracts/orders.ts";
import {
  FindOrderPage,
  type FindOrderPageProps,
  type LookupField,
} from "../../../../web/pages/find-order.tsx";
import { renderPage } from "../../../../web/render.ts";
import type { AppContext } from "../../app-env.ts";
import { fieldErrors } from "../../middleware/request-body.ts";
import { askForOrderLink } from "../../order-lookup.ts";
import { claimIn, personCheckFor } from "../../person-check.ts";
import { refuse } from "../../refuse.ts";
import type { App } from "../register.ts";
import { readForm } from "./form.ts";
import { PERSONAL_PAGE, siteOf } from "./site.ts";

/** A typed value longer than this is cut before it is shown again: none that we take is. */
const MAX_TYPED_LENGTH = 300;

/** Before the pages of orders: `find` is no order's id. */
export function registerFindOrder(app: App): void {
  app.get("/orders/find", (c) => render(c, { asked: c.req.query("asked") === "1" }));
  app.post("/orders/find", find);
}

async function find(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const typed = {
    number: (form.fields.get("number") ?? "").slice(0, MAX_TYPED_LENGTH),
    email: (form.fields.get("email") ?? "").slice(0, MAX_TYPED_LENGTH),
  };
  const parsed = OrderLookupBody.safeParse(typed);
  if (!parsed.success) {
    const errors = new Set(fieldErrors(parsed.error).map(({ path }) => path as LookupField));
    return render(c, { typed, errors }, { status: 422, posted: form.fields });
  }
  const verdict = await askForOrderLink(c, { ...parsed.data, turnstileToken: claimIn(form.fields) });
  if (verdict.ok) return c.redirect("/orders/find?asked=1", 303);
  if (verdict.code === "challenge_required") {
    return render(c, { typed, isCaught: true }, { status: 403, posted: form.fields });
  }
  return refuse(c, verdict.code, { retryAfterSeconds: verdict.retryAfterSeconds });
}

interface Answering {
  readonly status: 200 | 403 | 422;
  /** The form that this answers. */
  readonly posted?: URLSearchParams;
}

function render(
  c: AppContext,
  shown: Omit<FindOrderPageProps, "site" | "personCheck">,
  { status, posted }: Answering = { status: 200 },
): Response {
  const wasRefused = shown.isCaught === true;
  const check = shown.asked === true ? null : personCheckFor(c, "order_lookup", { posted, wasRefused });
  const site = check === null ? siteOf(c) : siteOf(c, "turnstile");
  c.header("cache-control", PERSONAL_PAGE);
  return c.html(renderPage(<FindOrderPage site={site} personCheck={check} {...shown} />), status);
}
