/** The ledger: what became of the money of every PaymentIntent, for tests and rehearsals to compare with. */
import type Stripe from "stripe";
import { idOf } from "./state.ts";
import type { EmulatorState } from "./state.ts";

export type LedgerEntry = {
  id: string;
  /** All amounts are in the currency's minor unit. */
  amount: number;
  currency: string;
  status: string;
  /** What the issuer granted, whether or not it was captured or given back later. */
  authorised: number;
  captured: number;
  /** What was captured and went back; an authorisation given back uncaptured does not count. */
  refunded: number;
  metadata: Record<string, string>;
  /** Unix seconds. */
  created: number;
};

type Sums = { count: number; authorised: number; captured: number; refunded: number };

export type Ledger = {
  paymentIntents: LedgerEntry[];
  totals: Sums & { byStatus: Record<string, number>; byCurrency: Record<string, Sums> };
};

/** Every intent, oldest first, and sums over all of them and for each currency. */
export function ledgerOf(state: EmulatorState): Ledger {
  const paymentIntents = [...state.paymentIntents.values()].map((intent) => entryOf(state, intent));
  const totals: Ledger["totals"] = { ...noMoney(), byStatus: {}, byCurrency: {} };
  for (const entry of paymentIntents) {
    totals.byStatus[entry.status] = (totals.byStatus[entry.status] ?? 0) + 1;
    add(totals, entry);
    add((totals.byCurrency[entry.currency] ??= noMoney()), entry);
  }
  return { paymentIntents, totals };
}

function entryOf(state: EmulatorState, intent: Stripe.PaymentIntent): LedgerEntry {
  const charge = state.charges.get(idOf(intent.latest_charge) ?? "");
  const granted = charge?.status === "succeeded";
  return {
    id: intent.id,
    amount: intent.amount,
    currency: intent.currency,
    status: intent.status,
    authorised: granted ? charge.amount : 0,
    captured: granted ? charge.amount_captured : 0,
    refunded: granted && charge.captured ? charge.amount_refunded : 0,
    metadata: intent.metadata,
    created: intent.created,
  };
}

function noMoney(): Sums {
  return { count: 0, authorised: 0, captured: 0, refunded: 0 };
}

function add(sums: Sums, entry: LedgerEntry): void {
  sums.count += 1;
  sums.authorised += entry.authorised;
  sums.captured += entry.captured;
  sums.refunded += entry.refunded;
}
