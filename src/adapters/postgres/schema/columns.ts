/** Column kinds and constraint pieces that tables of several areas share. */
import { sql } from "drizzle-orm";
import type { SQL } from "drizzle-orm";
import { bigint, timestamp } from "drizzle-orm/pg-core";

/** A moment, in UTC. Milliseconds, as `Date` has them: a list's cursor then names its row exactly. */
export const moment = () => timestamp({ withTimezone: true, precision: 3, mode: "date" });

/** An amount in minor units. 64 bits in Postgres; safe integers here. */
export const amountMinor = () => bigint({ mode: "number" });

/**
 * A list of our own constants for a CHECK: `status in (…)`. Text with a CHECK rather than an enum type, because a new
 * value is then one statement that does not lock out the version that runs beside it.
 */
export function oneOf(values: readonly string[]): SQL {
  return sql.raw(values.map((value) => `'${value}'`).join(", "));
}
