/**
 * stock-ledger: changes of units into Postgres, confirmed back to the SKU objects; and the newest figures to Redis, whether
 * or not Postgres is up. Where a figure changes what a page says of the SKU, the page is dropped.
 */
import type { PublishedLevel } from "../adapters/availability/stock-copy.ts";
import { MAX_LEDGER_MESSAGES } from "../adapters/postgres/ledger.ts";
import { LedgerAppended } from "../contracts/messages.ts";
import type { StockLevel } from "../contracts/messages.ts";
import { availabilityStatus } from "../domain/availability.ts";
import { receive } from "./intake.ts";
import type { QueueBatch } from "./message-batch.ts";
import { persistAndConfirm } from "./persist-and-confirm.ts";
import type { OutboxDeps, OutboxKind } from "./persist-and-confirm.ts";
import { Settlement } from "./settlement.ts";

/** Up to which sequence a SKU's ledger is safely in Postgres. */
export interface PersistedLedger {
  readonly sku: string;
  readonly sequence: number;
}

export interface StockLedgerConsumerDeps extends OutboxDeps<LedgerAppended, PersistedLedger> {
  /** Publishes figures by compare-and-set; answers those that were news, each with what it took the place of. */
  readonly publishLevels: (levels: StockLevel[]) => Promise<PublishedLevel[]>;
  /** Is told of SKUs that came to be in stock, low or sold out. Never throws. */
  readonly statusChanged: (levels: readonly StockLevel[]) => Promise<void>;
}

const STOCK_LEDGER: OutboxKind<LedgerAppended, PersistedLedger> = {
  queue: "stock-ledger",
  maxAtOnce: MAX_LEDGER_MESSAGES,
  messageOf: (body) => body,
  newestOf: newestSequences,
};

export async function consumeStockLedger(batch: QueueBatch, deps: StockLedgerConsumerDeps): Promise<void> {
  const settlement = new Settlement(batch, deps);
  const received = await receive(batch, LedgerAppended, settlement);
  const levels = received.map(({ body }) => body.level);
  await Promise.all([publish(levels, deps), persistAndConfirm(received, STOCK_LEDGER, settlement, deps)]);
  settlement.report();
}

/** Figures that could not be published are replaced by the SKU's next ones, and refilled from Postgres by readers. */
async function publish(levels: StockLevel[], deps: StockLedgerConsumerDeps): Promise<void> {
  if (levels.length === 0) return;
  await deps.statusChanged(changedStatus(await published(levels, deps), deps.clock()));
}

async function published(levels: StockLevel[], deps: StockLedgerConsumerDeps): Promise<PublishedLevel[]> {
  try {
    const news = await deps.publishLevels(levels);
    deps.telemetry.count("stock_published", { outcome: "published", count: news.length });
    return news;
  } catch (fault) {
    deps.telemetry.fault("stock.publish_failed", fault, { count: levels.length });
    deps.telemetry.count("stock_published", { outcome: "failed", count: levels.length });
    // What pages say is not known then: better a page too many made anew than one that sells what is gone.
    return levels.map((level) => ({ level, former: null }));
  }
}

function changedStatus(news: readonly PublishedLevel[], now: number): StockLevel[] {
  const statusOf = ({ available, opensAt }: StockLevel) => availabilityStatus(available, opensAt, now);
  return news
    .filter(({ level, former }) => former === null || statusOf(level) !== statusOf(former))
    .map(({ level }) => level);
}

function newestSequences(persisted: readonly PersistedLedger[]): PersistedLedger[] {
  const newest = new Map<string, PersistedLedger>();
  for (const ledger of persisted) {
    const known = newest.get(ledger.sku);
    if (known === undefined || ledger.sequence > known.sequence) newest.set(ledger.sku, ledger);
  }
  return [...newest.values()];
}
