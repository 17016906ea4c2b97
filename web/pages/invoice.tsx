/**
 * An order's invoice and its credit notes, made to be printed. Personal, never cached.
 *
 * Props: `InvoicePageProps`. `documents` are as they were issued, the invoice first; each has a page of its own on paper.
 */
import type { InvoiceDocument } from "../../src/domain/invoice.ts";
import { taxLabel } from "../../src/domain/tax.ts";
import { MoneyText } from "../components/money.tsx";
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";

export interface IssuedDocument {
  readonly number: string;
  /** Epoch ms. */
  readonly issuedAt: number;
  readonly document: InvoiceDocument;
}

export interface InvoicePageProps {
  readonly site: SiteContext;
  readonly orderId: string;
  readonly documents: readonly IssuedDocument[];
}

export function InvoicePage({ site, orderId, documents }: InvoicePageProps) {
  const path = `/orders/${encodeURIComponent(orderId)}`;
  return (
    <Document site={site} title="Invoice" script="order">
      <div class="wrap section page-top invoices">
        <p class="invoice-actions">
          <a class="text-link" href={path}>
            Back to your order
          </a>
          <button class="button button-small" data-look="quiet" type="button" data-print hidden>
            Print
          </button>
        </p>
        {documents.map((issued, index) => (
          <Paper issued={issued} isFirst={index === 0} />
        ))}
      </div>
    </Document>
  );
}

const LONG_DATE = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeZone: "UTC" });

function Paper({ issued, isFirst }: { readonly issued: IssuedDocument; readonly isFirst: boolean }) {
  const { number, issuedAt, document } = issued;
  const { seller, buyer, totals } = document;
  const title = document.kind === "invoice" ? "Invoice" : "Credit note";
  const Title = isFirst ? "h1" : "h2";
  const date = (at: number) => LONG_DATE.format(at);
  return (
    <article class="panel invoice">
      <Title class="invoice-title">
        {title} {number}
      </Title>
      <div class="invoice-parties">
        <address>
          <strong>{seller.name}</strong>
          {seller.address.map((line) => (
            <span>{line}</span>
          ))}
          {seller.taxId !== "" && <span>Tax ID {seller.taxId}</span>}
        </address>
        <address>
          {buyer.lines.map((line) => (
            <span dir="auto">{line}</span>
          ))}
          <span>{buyer.email}</span>
        </address>
      </div>
      <dl class="order-facts">
        <Fact term="Date" text={date(issuedAt)} />
        <Fact term="Order" text={document.orderNumber} />
        {document.invoiceNumber !== undefined && <Fact term="For invoice" text={document.invoiceNumber} />}
        <Fact term="Ordered" text={date(document.orderedAt)} />
        <Fact term="Paid by card" text={`${date(document.paidAt)} (${document.paymentReference})`} />
      </dl>
      <table class="invoice-lines">
        <thead>
          <tr>
            <th scope="col">Item</th>
            <th scope="col">Quantity</th>
            <th scope="col">Price</th>
            <th scope="col">Amount</th>
          </tr>
        </thead>
        <tbody>
          {document.lines.map((line) => (
            <tr>
              <th scope="row">
                {line.name}
                {line.taxes.length > 0 && <span class="fine"> {line.taxes.join(", ")}</span>}
              </th>
              <td>{line.quantity}</td>
              <td>
                <MoneyText amount={line.unitAmountMinor} currency={totals.currency} />
              </td>
              <td>
                <MoneyText amount={line.amountMinor} currency={totals.currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl class="totals">
        {sumRows(document).map(({ label, amountMinor, isTotal }) => (
          <>
            <dt class={isTotal ? "totals-sum" : undefined}>{label}</dt>
            <dd class={isTotal ? "totals-sum" : undefined}>
              <MoneyText amount={amountMinor} currency={totals.currency} />
            </dd>
          </>
        ))}
      </dl>
    </article>
  );
}

function Fact({ term, text }: { readonly term: string; readonly text: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{text}</dd>
    </div>
  );
}

export interface SumRow {
  readonly label: string;
  readonly amountMinor: number;
  readonly isTotal: boolean;
}

/** What stands below the lines, on the page and in the file. */
export function sumRows({ kind, totals, shippingName }: InvoiceDocument): SumRow[] {
  const row = (label: string, amountMinor: number, isTotal = false) => ({ label, amountMinor, isTotal });
  const tax = (included: boolean) =>
    totals.taxes.filter((each) => each.included === included).map((each) => row(taxLabel(each), each.amount));
  if (kind === "credit_note")
    return [...tax(false), row("Refunded to your card", totals.total, true), ...tax(true)];
  return [
    row("Subtotal", totals.subtotal),
    row(`${shippingName} shipping`, totals.shipping),
    ...tax(false),
    row("Total paid", totals.total, true),
    ...tax(true),
  ];
}
