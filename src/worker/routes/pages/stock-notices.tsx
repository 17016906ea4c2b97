/** Asking to be told when a SKU is back or a drop opens, and the way out of those e-mails. Works without JavaScript. */
import { askForStockNotice, endStockNotices } from "../../../adapters/postgres/stock-notices.ts";
import { readStockNoticeToken } from "../../../adapters/signing/index.ts";
import { StockNoticeForm } from "../../../contracts/stock-notices.ts";
import { normaliseEmail } from "../../../domain/email-address.ts";
import { STOCK_NOTICE_ANCHOR } from "../../../../web/components/stock-notice-form.tsx";
import { productHref } from "../../../../web/option-choice.ts";
import { UnsubscribePage } from "../../../../web/pages/unsubscribe.tsx";
import { emailAdvice } from "../../../../web/email-words.ts";
import { renderPage } from "../../../../web/render.ts";
import type { AppContext } from "../../app-env.ts";
import { PERSONAL_PAGE } from "../../caching.ts";
import { servicesOf } from "../../compose.ts";
import { NOTICE_LIMIT_PERIOD_SECONDS } from "../../configuration.ts";
import { clientNetwork } from "../../middleware/read-limit.ts";
import { refuse } from "../../refuse.ts";
import { inStock } from "../../storefront.ts";
import { pathParameter, type App } from "../register.ts";
import { renderProduct } from "./catalog.tsx";
import { readForm } from "./form.ts";
import { siteOf } from "./site.ts";

/** A typed address longer than this is cut before it is shown again: none that we take is. */
const MAX_TYPED_LENGTH = 300;

export function registerStockNotices(app: App): void {
  app.post("/products/:slug/notices", ask);
  app.get("/notices/unsubscribe", (c) => unsubscribe(c, false));
  app.post("/notices/unsubscribe", (c) => unsubscribe(c, true));
}

/** The answer is the same whether or not the address is known, waits already, or waits for too much. */
async function ask(c: AppContext): Promise<Response> {
  const services = servicesOf(c.env);
  if (!(await services.noticeLimit.allows(clientNetwork(c))))
    return refuse(c, "rate_limited", { retryAfterSeconds: NOTICE_LIMIT_PERIOD_SECONDS });
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const product = await services.catalog.product(pathParameter(c, "slug"));
  const sku = product?.skus.find((candidate) => candidate.sku === form.fields.get("sku"));
  if (product === null || sku === undefined) return refuse(c, "not_found");
  const [shown] = await inStock(services, [product]);
  if (shown === undefined) return refuse(c, "not_found");
  const typed = form.fields.get("email") ?? "";
  const parsed = StockNoticeForm.safeParse({ email: typed });
  if (!parsed.success) {
    const email = typed.slice(0, MAX_TYPED_LENGTH);
    return await renderProduct(c, shown, sku, {
      stockNotice: { kind: "refused", email, error: emailAdvice(typed) },
    });
  }
  const now = Date.now();
  const page = productHref(product.slug, sku.sku);
  const ahead = product.dropAt !== undefined && Date.parse(product.dropAt) > now;
  const status = shown.availability.find((item) => item.sku === sku.sku)?.status;
  // It came back meanwhile: the page says so, and there is nothing to wait for.
  if (!ahead && status !== undefined && status !== "sold_out") return c.redirect(page, 303);
  const subject = ahead
    ? ({ kind: "drop", subject: product.slug } as const)
    : ({ kind: "restock", subject: sku.sku } as const);
  await askForStockNotice(services.database, { ...subject, email: normaliseEmail(parsed.data.email) }, now);
  return c.redirect(`${page}&notice=asked#${STOCK_NOTICE_ANCHOR}`, 303);
}

/** GET asks first, because programs that look at mail follow links; POST ends it, also without a browser (RFC 8058). */
async function unsubscribe(c: AppContext, done: boolean): Promise<Response> {
  const services = servicesOf(c.env);
  const token = c.req.query("token") ?? "";
  const noticeId = readStockNoticeToken(services.signing, token);
  if (noticeId === null) return refuse(c, "not_found");
  if (done) await endStockNotices(services.database, noticeId, Date.now());
  c.header("cache-control", PERSONAL_PAGE);
  return c.html(renderPage(<UnsubscribePage site={siteOf(c)} token={token} done={done} />));
}
