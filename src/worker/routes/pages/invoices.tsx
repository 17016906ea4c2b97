/** An order's invoice and credit notes, as a page that prints and as a file. Only for a browser that has the right to the order. */
import type { OrderStatus } from "../../../domain/order/status.ts";
import { InvoicePage } from "../../../../web/pages/invoice.tsx";
import { renderPage } from "../../../../web/render.ts";
import type { AppContext } from "../../app-env.ts";
import { servicesOf } from "../../compose.ts";
import { invoicesOf, parseSeller, type Invoices } from "../../invoices.ts";
import { mayUseOrder } from "../../order-rights.ts";
import { refuse } from "../../refuse.ts";
import { pathParameter, type App } from "../register.ts";
import { PERSONAL_PAGE, siteOf } from "./site.ts";

const PAID: readonly OrderStatus[] = ["paid", "shipped", "delivered", "refunded"];
/** An order reaches Postgres within seconds, unless that is away. */
const TRY_AGAIN_SECONDS = 10;

export function registerInvoicePages(app: App): void {
  app.get("/orders/:id/invoice", invoice);
}

async function invoice(c: AppContext): Promise<Response> {
  const orderId = pathParameter(c, "id");
  const found = await findInvoices(c, orderId);
  if (!found.ok) return refusalOf(c, found.reason);
  c.header("cache-control", PERSONAL_PAGE);
  return c.html(renderPage(<InvoicePage site={siteOf(c)} orderId={orderId} documents={found.issued} />));
}

/** @throws where Postgres cannot be reached: answered as such */
async function findInvoices(c: AppContext, orderId: string): Promise<Invoices> {
  if (!(await mayUseOrder(c, orderId))) return { ok: false, reason: "none" };
  const { orders, database } = servicesOf(c.env);
  const record = await orders.of(orderId).read();
  if (record === null || !PAID.includes(record.status)) return { ok: false, reason: "none" };
  return await invoicesOf({ database, seller: parseSeller(c.env.SELLER), now: Date.now }, record);
}

function refusalOf(c: AppContext, reason: Extract<Invoices, { ok: false }>["reason"]): Response {
  if (reason === "none") return refuse(c, "not_found");
  return refuse(c, "temporarily_unavailable", {
    detail: "Your invoice is being prepared. Please try again in a few seconds.",
    retryAfterSeconds: TRY_AGAIN_SECONDS,
  });
}
