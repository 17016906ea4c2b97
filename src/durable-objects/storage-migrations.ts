/** Schema versions of an object's SQLite storage. `PRAGMA user_version` is refused by the platform, so a table holds it. */

/**
 * One version of the schema. A step is never edited once deployed, only followed by another.
 *
 * A step that only adds (a table, a column that may be null or has a default, an index) is read by the build before it, so a release
 * with it can be rolled back: that build names the columns it writes and leaves the others as they are.
 */
export interface StorageStep {
  readonly statements: readonly string[];
  /** True where the build before cannot work on storage that has this step: the release cannot be rolled back. */
  readonly breaksFormerBuild?: true;
}
export type StorageMigrations = readonly StorageStep[];

interface StoredVersion {
  /** Steps applied; 0 for storage never written to. */
  readonly version: number;
  /** The newest step that a build without it cannot work with. */
  readonly breakingVersion: number;
}

/** The schema version the object's storage is at. Writes nothing. */
export function storageVersion(sql: SqlStorage): StoredVersion {
  const table = sql
    .exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'")
    .toArray();
  if (table.length === 0) return { version: 0, breakingVersion: 0 };
  const query =
    "SELECT max(version) AS version, coalesce(max(iif(breaking, version, 0)), 0) AS breaking FROM migrations";
  const { version, breaking } = sql.exec<{ version: number; breaking: number }>(query).one();
  return { version, breakingVersion: breaking };
}

/**
 * Brings the storage to the newest version, in one transaction. Storage that a later build has added to is used as it is.
 *
 * @throws Error when a later build has changed the storage in a way this code cannot work with
 */
export function migrateStorage(storage: DurableObjectStorage, migrations: StorageMigrations): void {
  const { sql } = storage;
  const { version: current, breakingVersion } = storageVersion(sql);
  if (breakingVersion > migrations.length)
    throw new Error(`storage is at version ${breakingVersion}, this code knows ${migrations.length}`);
  if (current >= migrations.length) return;
  storage.transactionSync(() => {
    sql.exec(
      "CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, breaking INTEGER NOT NULL DEFAULT 0)",
    );
    for (const [index, { statements, breaksFormerBuild = false }] of migrations.entries()) {
      const version = index + 1;
      if (version <= current) continue;
      for (const statement of statements) sql.exec(statement);
      sql.exec(
        "INSERT INTO migrations (version, breaking) VALUES (?, ?)",
        version,
        breaksFormerBuild ? 1 : 0,
      );
    }
  });
}
