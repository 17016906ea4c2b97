import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { seedCatalog } from "../../../local/seed/seed.ts";
import { startTestDatabase } from "../../../tests/fixtures/database.ts";
import type { TestDatabase } from "../../../tests/fixtures/database.ts";
import { DROP_NOTICE_AHEAD_MS, MAX_OPEN_NOTICES_PER_ADDRESS } from "../../domain/stock-notice.ts";
import type { Database } from "./connection.ts";
import {
  askForStockNotice,
  claimStockNotices,
  dueStockSubjects,
  endStockNotices,
  forgetStockNotices,
  markStockNoticesSent,
  postponeStockNotices,
  readStockThing,
} from "./stock-notices.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const SKU = "AURORA-PRO-1TB-EMBER";
const restock = { kind: "restock", subject: SKU } as const;
const drop = { kind: "drop", subject: "aurora-fold" } as const;

let postgres: TestDatabase;
let database: Database;
let opensAt = 0;
beforeAll(async () => {
  postgres = await startTestDatabase();
  await seedCatalog(postgres.url, NOW);
  database = postgres.connect();
  opensAt = (await readStockThing(database, drop))?.opensAt ?? 0;
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  await postgres.rows("delete from stock_notices");
  await available(0);
});

async function available(units: number): Promise<void> {
  await postgres.rows(
    `insert into stock_levels (sku, sequence, available, held, sold, received, adjusted, at)
     values ($1, 1, $2, 0, 0, $2, 0, now())
     on conflict (sku) do update set available = $2, received = $2`,
    [SKU, units],
  );
}

const ask = (email: string, at = NOW, subject: typeof restock | typeof drop = restock) =>
  askForStockNotice(database, { ...subject, email }, at);
const claim = (now: number, limit = 10, askedBefore = now) =>
  claimStockNotices(database, restock, { limit, askedBefore, leaseMs: 10 * MINUTE_MS, now });
const addresses = (rows: readonly { email: string }[]) => rows.map(({ email }) => email).sort();

describe("requests for a notice", () => {
  it("are kept once per address and thing, and keep their place in the line", async () => {
    await ask("ada@example.com");
    await ask("bob@example.com", NOW + 1);
    await ask("ada@example.com", NOW + 2);
    expect(addresses(await claim(NOW + 3, 1))).toEqual(["ada@example.com"]);
    expect(await postgres.rows("select id from stock_notices")).toHaveLength(2);
  });

  it("are bounded for each address", async () => {
    for (let index = 0; index <= MAX_OPEN_NOTICES_PER_ADDRESS; index += 1)
      await askForStockNotice(database, { kind: "restock", subject: `SKU-${index}`, email: "a@b.co" }, NOW);
    expect(await postgres.rows("select id from stock_notices")).toHaveLength(MAX_OPEN_NOTICES_PER_ADDRESS);
  });

  it("begin anew after they were answered or ended", async () => {
    await ask("ada@example.com");
    const [first] = await claim(NOW + 1);
    await markStockNoticesSent(database, [first?.id ?? ""], NOW + 2);
    expect(await claim(NOW + DAY_MS)).toEqual([]);
    await ask("ada@example.com", NOW + DAY_MS);
    expect(await claim(NOW + DAY_MS)).toHaveLength(1);
  });
});

describe("what is due", () => {
  it("is a SKU that somebody waits for, once units are there", async () => {
    await ask("ada@example.com");
    expect(await dueStockSubjects(database, 10, NOW)).toEqual([]);
    await available(3);
    expect(await dueStockSubjects(database, 10, NOW)).toEqual([restock]);
    expect(await readStockThing(database, restock)).toEqual({
      name: "Lumaro Aurora Pro, 1 TB, Ember",
      slug: "aurora-pro",
      sku: SKU,
      available: 3,
      opensAt: null,
    });
  });

  it("is a drop from an hour before it opens, for those who asked before that, and for all once it is open", async () => {
    await ask("late@example.com", opensAt - 30 * MINUTE_MS, drop);
    const aheadAt = opensAt - DROP_NOTICE_AHEAD_MS;
    expect(await dueStockSubjects(database, 10, opensAt - MINUTE_MS)).toEqual([]);
    expect(await dueStockSubjects(database, 10, opensAt)).toEqual([drop]);
    await ask("early@example.com", aheadAt - DAY_MS, drop);
    expect(await dueStockSubjects(database, 10, aheadAt - 1)).toEqual([]);
    expect(await dueStockSubjects(database, 10, aheadAt)).toEqual([drop]);
    expect(await dueStockSubjects(database, 10, opensAt + 2 * DAY_MS)).toEqual([]);
  });

  it("is nothing that the store does not sell", async () => {
    await askForStockNotice(database, { kind: "restock", subject: "NO-SUCH-SKU", email: "a@b.co" }, NOW);
    expect(await dueStockSubjects(database, 10, NOW)).toEqual([]);
    expect(await readStockThing(database, { kind: "restock", subject: "NO-SUCH-SKU" })).toBeNull();
    await ask("ada@example.com");
    await available(3);
    await postgres.rows("update products set listed = false where slug = 'aurora-pro'");
    try {
      expect(await dueStockSubjects(database, 10, NOW)).toEqual([]);
      expect(await readStockThing(database, restock)).toBeNull();
    } finally {
      await postgres.rows("update products set listed = true where slug = 'aurora-pro'");
    }
  });
});

describe("taking the next in the line", () => {
  it("gives each of them to one taker, until the lease is over or the time they are put off to", async () => {
    await ask("ada@example.com");
    await ask("bob@example.com", NOW + 1);
    const [one, other] = await Promise.all([claim(NOW + 2, 1), claim(NOW + 2, 1)]);
    expect(addresses([...one, ...other])).toEqual(["ada@example.com", "bob@example.com"]);
    expect(await claim(NOW + 3)).toEqual([]);
    await postponeStockNotices(
      database,
      one.map(({ id }) => id),
      NOW + MINUTE_MS,
    );
    expect(await claim(NOW + MINUTE_MS - 1)).toEqual([]);
    expect(addresses(await claim(NOW + MINUTE_MS))).toEqual(addresses(one));
    expect(await claim(NOW + 11 * MINUTE_MS)).toHaveLength(2);
  });

  it("takes only those who asked before the moment that counts", async () => {
    await ask("ada@example.com", NOW);
    await ask("bob@example.com", NOW + 10);
    expect(addresses(await claim(NOW + 20, 10, NOW + 5))).toEqual(["ada@example.com"]);
  });
});

describe("ending it", () => {
  it("ends all that the address waits for, and nothing of anybody else", async () => {
    await ask("ada@example.com");
    await ask("ada@example.com", NOW, drop);
    await ask("bob@example.com");
    const [row] = await postgres.rows<{ id: string }>(
      "select id from stock_notices where email = 'ada@example.com' limit 1",
    );
    await endStockNotices(database, row?.id ?? "", NOW + 1);
    await endStockNotices(database, row?.id ?? "", NOW + 2);
    const open = await postgres.rows("select email from stock_notices where unsubscribed_at is null");
    expect(open).toEqual([{ email: "bob@example.com" }]);
    expect(addresses(await claim(NOW + 3))).toEqual(["bob@example.com"]);
  });

  it("forgets what is over after a month, and what nobody answered after a year", async () => {
    await ask("ada@example.com");
    const [told] = await claim(NOW + 1);
    await markStockNoticesSent(database, [told?.id ?? ""], NOW + 1);
    await ask("bob@example.com");
    expect(await forgetStockNotices(database, NOW + 29 * DAY_MS)).toBe(0);
    expect(await forgetStockNotices(database, NOW + 31 * DAY_MS)).toBe(1);
    expect(await forgetStockNotices(database, NOW + 366 * DAY_MS)).toBe(1);
  });
});
