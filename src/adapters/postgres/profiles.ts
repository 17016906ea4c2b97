/**
 * What somebody with an account keeps here: their name and addresses. Read from the primary, because who just changed
 * something must see it.
 */
import { desc, eq, sql } from "drizzle-orm";
import { MAX_ADDRESSES, type Address, type AddressBody } from "../../contracts/profile.ts";
import type { Database } from "./connection.ts";
import { users } from "./schema/accounts.ts";
import { addresses } from "./schema/profiles.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export interface Person {
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly createdAt: Date;
}

/** Null where the account is gone, which a cookie's copy of a session may not know yet. */
export async function readPerson(database: Database, userId: string): Promise<Person | null> {
  const [person] = await database.write((client) =>
    client
      .select({
        name: users.name,
        email: users.email,
        emailVerified: users.emailVerified,
        createdAt: users.createdAt,
      })
      .from(users)
      .where(eq(users.id, userId)),
  );
  return person ?? null;
}

const SHOWN = {
  id: addresses.id,
  name: addresses.name,
  line1: addresses.line1,
  line2: addresses.line2,
  city: addresses.city,
  region: addresses.region,
  postalCode: addresses.postalCode,
  country: addresses.country,
  isDefault: addresses.isDefault,
};

/** The default first, then the newest. */
export async function listAddresses(database: Database, userId: string): Promise<Address[]> {
  return await database.write((client) =>
    client
      .select(SHOWN)
      .from(addresses)
      .where(eq(addresses.userId, userId))
      .orderBy(desc(addresses.isDefault), desc(addresses.createdAt), addresses.id)
      .limit(MAX_ADDRESSES),
  );
}

/** Where parcels usually go, or null. */
export async function readDefaultAddress(database: Database, userId: string): Promise<Address | null> {
  const [first] = await listAddresses(database, userId);
  return first?.isDefault === true ? first : null;
}

/** Null where somebody has no such address. */
export async function readAddress(database: Database, userId: string, id: string): Promise<Address | null> {
  const all = UUID.test(id) ? await listAddresses(database, userId) : [];
  return all.find((address) => address.id === id.toLowerCase()) ?? null;
}

export type NewAddress =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly reason: "too_many" | "no_account" };

/** Adds an address; the first one is the default by itself. */
export async function addAddress(
  database: Database,
  userId: string,
  address: AddressBody,
): Promise<NewAddress> {
  const { name, line1, line2 = "", city, region = "", postalCode, country, isDefault = false } = address;
  // The account's row is locked first, so that of several additions at once each sees what the other has added.
  const [, , added] = await database.write((client) =>
    client.batch([
      client.execute(sql`select from users where id = ${userId} for no key update`),
      client.execute(sql`update addresses set is_default = false
        where user_id = ${userId} and is_default and ${isDefault}
          and (select count(*) from addresses where user_id = ${userId}) < ${MAX_ADDRESSES}`),
      client.execute<{ id: string }>(sql`
        insert into addresses (user_id, name, line1, line2, city, region, postal_code, country, is_default)
        select id, ${name}, ${line1}, ${line2}, ${city}, ${region}, ${postalCode}, ${country},
          ${isDefault} or not exists (select from addresses where user_id = ${userId} and is_default)
        from users
        where id = ${userId} and (select count(*) from addresses where user_id = ${userId}) < ${MAX_ADDRESSES}
        returning id`),
    ]),
  );
  const [row] = added.rows;
  if (row !== undefined) return { ok: true, id: row.id };
  const isThere = (await readPerson(database, userId)) !== null;
  return { ok: false, reason: isThere ? "too_many" : "no_account" };
}

/** Puts an address in the place of another. Answers whether somebody has such an address. */
export async function replaceAddress(
  database: Database,
  userId: string,
  id: string,
  address: AddressBody,
): Promise<boolean> {
  if (!UUID.test(id)) return false;
  const { name, line1, line2 = "", city, region = "", postalCode, country, isDefault = false } = address;
  const isOwn = sql`id = ${id}::uuid and user_id = ${userId}`;
  const [, , changed] = await database.write((client) =>
    client.batch([
      client.execute(sql`select from users where id = ${userId} for no key update`),
      client.execute(sql`update addresses set is_default = false
        where user_id = ${userId} and is_default and ${isDefault}
          and exists (select from addresses where ${isOwn})`),
      client.execute(sql`
        update addresses set name = ${name}, line1 = ${line1}, line2 = ${line2}, city = ${city}, region = ${region},
          postal_code = ${postalCode}, country = ${country}, is_default = is_default or ${isDefault}
        where ${isOwn} returning id`),
    ]),
  );
  return changed.rows.length > 0;
}

/** Takes an address away; where it was the default, the newest of the others becomes it. Answers whether there was one. */
export async function removeAddress(database: Database, userId: string, id: string): Promise<boolean> {
  if (!UUID.test(id)) return false;
  const [, removed] = await database.write((client) =>
    client.batch([
      client.execute(sql`select from users where id = ${userId} for no key update`),
      client.execute(sql`delete from addresses where id = ${id}::uuid and user_id = ${userId} returning id`),
      client.execute(sql`
        update addresses set is_default = true
        where id = (select id from addresses where user_id = ${userId} order by created_at desc, id limit 1)
          and not exists (select from addresses where user_id = ${userId} and is_default)`),
    ]),
  );
  return removed.rows.length > 0;
}
