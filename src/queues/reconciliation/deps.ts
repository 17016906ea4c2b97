/** What a run of reconciliation asks of the parts that it compares. */
import type { Run } from "../../adapters/postgres/reconciliations.ts";
import type { StripePage, StripePageQuery } from "../../adapters/stripe/money.ts";
import type { ReconciliationStep, RunCursor } from "../../contracts/reconciliation.ts";
import type { StripeEventReceived } from "../../contracts/messages.ts";
import type { Intent } from "../../domain/order/payment-operation.ts";
import type { Drift } from "../../domain/reconciliation/drift.ts";
import type {
  LedgerCopyFacts,
  LedgerFacts,
  MoneyFacts,
  OrderFacts,
  UnitFacts,
  UnitSums,
} from "../../domain/reconciliation/facts.ts";
import type { SettlementDeps } from "../settlement.ts";

/** An order as its shard has it: null where there is none, `unreadable` where this code cannot read it. */
export type FoundOrder = OrderFacts | null | "unreadable";

export interface ReconciliationDeps extends SettlementDeps {
  readonly readRun: (id: string) => Promise<Run | null>;
  /** @returns false where the step was taken already */
  readonly stepTaken: (run: Run, findings: readonly Drift[], next: RunCursor | null) => Promise<boolean>;
  readonly sendStep: (message: ReconciliationStep) => Promise<void>;

  // ------------------------------------------------------------------------------------------------------- shards
  readonly shardNames: readonly string[];
  readonly isOrderId: (orderId: string) => boolean;
  /** Orders of a shard after this id, those that changed since then; `next` is null at the end. */
  readonly ordersOf: (
    shard: string,
    page: { readonly after: string; readonly since: number | null },
  ) => Promise<{ readonly orders: readonly OrderFacts[]; readonly next: string | null }>;
  /** In the order of the list; one call per shard. */
  readonly findOrders: (orderIds: readonly string[]) => Promise<readonly FoundOrder[]>;
  /** The orders send their snapshots again. */
  readonly resendOrders: (orderIds: readonly string[]) => Promise<void>;

  // --------------------------------------------------------------------------------------------------------- SKUs
  readonly unitsAt: (sku: string, orderIds: readonly string[]) => Promise<readonly UnitFacts[]>;
  readonly soldAt: (
    sku: string,
    page: { readonly after: string; readonly since: number | null },
  ) => Promise<{ readonly sold: readonly UnitFacts[]; readonly next: string | null }>;
  /** Null for a SKU that was never configured. */
  readonly ledgerAt: (sku: string, completeThrough: number) => Promise<LedgerFacts | null>;
  /** What the object's ledger begins after: the sequence it has given up to Postgres, and the figures then. */
  readonly ledgerBase: (
    sku: string,
  ) => Promise<{ readonly confirmedThrough: number; readonly sums: UnitSums }>;
  readonly settleAt: (sku: string, orderId: string) => Promise<void>;

  // ------------------------------------------------------------------------------------------------------- Stripe
  readonly listMoney: (query: StripePageQuery) => Promise<StripePage<MoneyFacts>>;
  readonly listRefundedIntents: (query: StripePageQuery) => Promise<StripePage<string>>;
  readonly listDisputedIntents: (query: StripePageQuery) => Promise<StripePage<string>>;
  readonly readMoney: (
    intentId: string,
  ) => Promise<{ readonly money: MoneyFacts; readonly intent: Intent } | null>;
  readonly sendPayments: (messages: StripeEventReceived[]) => Promise<void>;

  // ----------------------------------------------------------------------------------------------------- Postgres
  readonly copiedVersions: (orderIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  readonly markListed: (intentIds: readonly string[]) => Promise<void>;
  readonly listedSince: (intentIds: readonly string[], since: number) => Promise<ReadonlySet<string>>;
  readonly listLedgers: (page: {
    readonly after: string;
    readonly since: number | null;
    readonly limit: number;
  }) => Promise<readonly string[]>;
  readonly readLedgerCopy: (sku: string) => Promise<LedgerCopyFacts>;
  readonly bridgeLedger: (sku: string, through: number, sums: UnitSums) => Promise<boolean>;
}
