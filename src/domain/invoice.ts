/**
 * Invoices and credit notes as documents: complete in themselves and never changed once they are numbered. A credit note takes back a
 * refund's share of every tax, by cumulative rounding, so that all of them together take back what the invoice said. Pure.
 */
import { orderNumber } from "./order/number.ts";
import { taxesOfLine, type Totals } from "./pricing.ts";
import { postalAddressLines } from "./postal-address-lines.ts";
import type { PostalAddress } from "./postal-address.ts";
import { percentText, type TaxAmount } from "./tax.ts";

export interface Seller {
  readonly name: string;
  /** As they are printed. */
  readonly address: readonly string[];
  /** The number under which the seller pays taxes; empty where there is none. */
  readonly taxId: string;
}

/** An order as invoices see it. */
export interface InvoicedOrder {
  readonly orderId: string;
  readonly lines: readonly {
    readonly name: string;
    readonly quantity: number;
    readonly unitAmountMinor: number;
    readonly taxAmounts?: readonly number[] | undefined;
  }[];
  readonly totals: Totals;
  readonly shippingName: string;
  readonly email: string;
  readonly address: PostalAddress;
  /** Epoch ms. */
  readonly orderedAt: number;
  readonly paidAt: number;
  /** The payment's id at Stripe. */
  readonly paymentReference: string;
}

export interface InvoiceLine {
  readonly name: string;
  readonly quantity: number;
  readonly unitAmountMinor: number;
  readonly amountMinor: number;
  /** E.g. `VAT 19%`. */
  readonly taxes: readonly string[];
}

export interface InvoiceDocument {
  readonly kind: "invoice" | "credit_note";
  readonly seller: Seller;
  readonly buyer: { readonly lines: readonly string[]; readonly email: string };
  readonly orderNumber: string;
  /** Epoch ms. */
  readonly orderedAt: number;
  readonly paidAt: number;
  readonly paymentReference: string;
  readonly lines: readonly InvoiceLine[];
  readonly shippingName: string;
  /** Of a credit note: what is taken back, with its share of each tax; subtotal and shipping are not told apart in it. */
  readonly totals: Totals & { readonly taxes: readonly TaxAmount[] };
  /** Of a credit note: the number of the invoice it is about. */
  readonly invoiceNumber?: string;
}

/** Whatever the law of a country asks for, ten years are enough; they begin with the end of the year of issue. */
const RETENTION_YEARS = 10;

/** The last year in which a document of this year is to be kept. */
export function keptThrough(issueYear: number): number {
  return issueYear + RETENTION_YEARS;
}

export function invoiceOf(order: InvoicedOrder, seller: Seller): InvoiceDocument {
  const { totals } = order;
  return {
    ...partiesOf(order, seller),
    kind: "invoice",
    lines: order.lines.map((line) => ({
      name: line.name,
      quantity: line.quantity,
      unitAmountMinor: line.unitAmountMinor,
      amountMinor: line.quantity * line.unitAmountMinor,
      taxes: taxesOfLine(totals, line).map(({ name, basisPoints }) => `${name} ${percentText(basisPoints)}`),
    })),
    totals: { ...totals, taxes: totals.taxes ?? [] },
  };
}

export interface Credited {
  readonly invoiceNumber: string;
  readonly amountMinor: number;
  /** What earlier credit notes of the order took back. */
  readonly beforeMinor: number;
}

/** @throws RangeError for more than the order cost */
export function creditNoteOf(
  order: InvoicedOrder,
  seller: Seller,
  { invoiceNumber, amountMinor, beforeMinor }: Credited,
): InvoiceDocument {
  const { totals } = order;
  if (amountMinor <= 0 || beforeMinor + amountMinor > totals.total)
    throw new RangeError(`a credit of ${amountMinor} after ${beforeMinor} of ${totals.total}`);
  const taxes = (totals.taxes ?? []).map((tax) => ({
    ...tax,
    amount:
      shareOf(tax.amount, beforeMinor + amountMinor, totals.total) -
      shareOf(tax.amount, beforeMinor, totals.total),
  }));
  const tax = taxes.reduce((sum, { included, amount }) => sum + (included ? 0 : amount), 0);
  return {
    ...partiesOf(order, seller),
    kind: "credit_note",
    invoiceNumber,
    lines: [
      {
        name: `Refund for order ${orderNumber(order.orderId)}`,
        quantity: 1,
        unitAmountMinor: amountMinor - tax,
        amountMinor: amountMinor - tax,
        taxes: taxes.map(({ name, basisPoints }) => `${name} ${percentText(basisPoints)}`),
      },
    ],
    totals: {
      subtotal: amountMinor - tax,
      shipping: 0,
      tax,
      total: amountMinor,
      currency: totals.currency,
      taxes,
    },
  };
}

function partiesOf(order: InvoicedOrder, seller: Seller) {
  const { orderId, email, address, orderedAt, paidAt, paymentReference, shippingName } = order;
  return {
    seller,
    buyer: { lines: postalAddressLines(address), email },
    orderNumber: orderNumber(orderId),
    orderedAt,
    paidAt,
    paymentReference,
    shippingName,
  };
}

/** `amount × part / whole`, half up. BigInt: the product of two totals is no safe integer. */
function shareOf(amount: number, part: number, whole: number): number {
  return Number((BigInt(amount) * BigInt(part) * 2n + BigInt(whole)) / (BigInt(whole) * 2n));
}
