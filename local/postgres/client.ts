/** How our own programs reach a local Postgres: by its URL and nothing else. */
import { Client, type ClientConfig } from "pg";
import { isolateEnvironment } from "../process/environment.ts";

/** A client that is not connected yet. Of the environment it takes nothing: `PGSSLMODE` or `PGOPTIONS` is for other servers. */
export function postgresClient(url: string, config: Omit<ClientConfig, "connectionString"> = {}): Client {
  isolateEnvironment();
  return new Client({ ...config, connectionString: url });
}
