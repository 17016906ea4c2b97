/** Wish lists: SKUs that somebody wants to remember, newest first. */
import { and, desc, eq, sql } from "drizzle-orm";
import { MAX_WISHLIST_ITEMS } from "../../contracts/profile.ts";
import type { Database } from "./connection.ts";
import { decodeCursor, encodeCursor } from "./keyset-cursor.ts";
import { wishlistItems } from "./schema/profiles.ts";

export interface Wish {
  readonly sku: string;
  readonly addedAt: Date;
}

/** Every SKU on somebody's wish list, newest first. From the primary: who just added one must see it. */
export async function wishedSkus(database: Database, userId: string): Promise<string[]> {
  const rows = await database.write((client) =>
    client
      .select({ sku: wishlistItems.sku })
      .from(wishlistItems)
      .where(eq(wishlistItems.userId, userId))
      .orderBy(desc(wishlistItems.addedAt), desc(wishlistItems.sku))
      .limit(MAX_WISHLIST_ITEMS),
  );
  return rows.map(({ sku }) => sku);
}

/** A page of somebody's wish list, or a refusal where the cursor is not one of ours. */
export async function listWishes(
  database: Database,
  userId: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<
  { ok: true; items: Wish[]; nextCursor: string | null } | { ok: false; reason: "malformed_cursor" }
> {
  const after = page.cursor === undefined ? undefined : decodeCursor(page.cursor);
  if (after === null) return { ok: false, reason: "malformed_cursor" };
  const rows = await database.write((client) =>
    client
      .select({ sku: wishlistItems.sku, addedAt: wishlistItems.addedAt })
      .from(wishlistItems)
      .where(
        and(
          eq(wishlistItems.userId, userId),
          after &&
            sql`(${wishlistItems.addedAt}, ${wishlistItems.sku}) < (${after.at.toISOString()}::timestamptz, ${after.id})`,
        ),
      )
      .orderBy(desc(wishlistItems.addedAt), desc(wishlistItems.sku))
      .limit(page.limit + 1),
  );
  const items = rows.slice(0, page.limit);
  const last = items.at(-1);
  const nextCursor =
    rows.length > page.limit && last !== undefined ? encodeCursor({ at: last.addedAt, id: last.sku }) : null;
  return { ok: true, items, nextCursor };
}

/** Adds a SKU; one that is there keeps its place. Refused where the list is full, or the account is gone. */
export async function addWish(
  database: Database,
  userId: string,
  sku: string,
): Promise<{ ok: true } | { ok: false; reason: "full" | "no_account" }> {
  const [users, , counted] = await database.write((client) =>
    client.batch([
      // Locked first, so that of several additions at once each sees what the other has added.
      client.execute(sql`select id from users where id = ${userId} for no key update`),
      client.execute(sql`
        insert into wishlist_items (user_id, sku) select id, ${sku} from users
        where id = ${userId}
          and (select count(*) from wishlist_items where user_id = ${userId}) < ${MAX_WISHLIST_ITEMS}
        on conflict do nothing`),
      client.execute(sql`select sku from wishlist_items where user_id = ${userId} and sku = ${sku}`),
    ]),
  );
  if (counted.rows.length > 0) return { ok: true };
  return { ok: false, reason: users.rows.length === 0 ? "no_account" : "full" };
}

export async function removeWish(database: Database, userId: string, sku: string): Promise<void> {
  await database.write((client) =>
    client.delete(wishlistItems).where(and(eq(wishlistItems.userId, userId), eq(wishlistItems.sku, sku))),
  );
}
