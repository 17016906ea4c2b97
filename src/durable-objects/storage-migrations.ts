/** Schema versions of an object's SQLite storage. `PRAGMA user_version` is refused by the platform, so a table holds it. */

/** One step per version, in order; a step is never edited once deployed, only followed by another. */
export type StorageMigrations = readonly (readonly string[])[];

/**
 * The schema version the object's storage is at; 0 for storage never written to. Writes nothing.
 */
export function storageVersion(sql: SqlStorage): number {
  const table = sql
    .exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'")
    .toArray();
  if (table.length === 0) return 0;
  return sql.exec<{ version: number }>("SELECT max(version) AS version FROM migrations").one().version;
}

/**
 * Brings the storage to the newest version, in one transaction.
 *
 * @throws Error when the storage is newer than this code (a rollback beyond one version).
 */
export function migrateStorage(storage: DurableObjectStorage, migrations: StorageMigrations): void {
  const { sql } = storage;
  const current = storageVersion(sql);
  if (current > migrations.length) {
    throw new Error(`storage is at version ${current}, this code knows ${migrations.length}`);
  }
  if (current === migrations.length) return;
  storage.transactionSync(() => {
    sql.exec("CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY)");
    for (let version = current + 1; version <= migrations.length; version++) {
      for (const statement of migrations[version - 1] ?? []) sql.exec(statement);
      sql.exec("INSERT INTO migrations (version) VALUES (?)", version);
    }
  });
}
