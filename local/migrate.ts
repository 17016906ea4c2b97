/** Brings a database to the newest schema: `node local/migrate.ts <connection string>`, or DATABASE_URL. */
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as applyMigrations } from "drizzle-orm/node-postgres/migrator";
import { postgresClient } from "./postgres/client.ts";

const MIGRATIONS_FOLDER = fileURLToPath(new URL("../migrations", import.meta.url));
/** Any number will do, as long as every migration of this database takes the same one. */
const ADVISORY_LOCK = 7_246_531;
const CONNECT_TIMEOUT_MS = 10_000;
/** How long to wait for another migration that runs now. */
const LOCK_TIMEOUT_MS = 60_000;

/**
 * Applies what is not yet applied, in one transaction. Safe to run again and at the same time from several places: the
 * others wait. Rejects, and changes nothing, where a migration fails.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = postgresClient(databaseUrl, { connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    await client.query(`set lock_timeout = ${String(LOCK_TIMEOUT_MS)}`);
    await client.query("select pg_advisory_lock($1)", [ADVISORY_LOCK]);
    await applyMigrations(drizzle(client), { migrationsFolder: MIGRATIONS_FOLDER });
  } finally {
    // Ending the connection gives the lock back, whatever happened before.
    await client.end();
  }
}

if (import.meta.main) {
  const databaseUrl = process.argv[2] ?? process.env["DATABASE_URL"];
  if (databaseUrl === undefined || databaseUrl === "") {
    console.error("usage: node local/migrate.ts <connection string>");
    process.exitCode = 2;
  } else {
    await migrate(databaseUrl);
    console.log("the schema is up to date");
  }
}
