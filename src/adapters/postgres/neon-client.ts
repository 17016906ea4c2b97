/** One Postgres endpoint through Neon's serverless driver and drizzle, with a time limit on every request. */
import { neon, neonConfig } from "@neondatabase/serverless";
import { drizzle } from "drizzle-orm/neon-http";
import type { NeonHttpDatabase } from "drizzle-orm/neon-http";

export type PostgresClient = NeonHttpDatabase;

/** Local servers of the Neon protocol by the `host:port` of the connection string they stand in front of. */
const proxies = new Map<string, string>();
let endpointsAreOurs = false;

/**
 * @param url connection string
 * @param proxyUrl where a server of the Neon protocol listens for this database; empty: Neon itself
 * @param timeoutMs after which a request, its whole answer included, is given up
 */
export function createNeonClient(url: string, proxyUrl: string, timeoutMs: number): PostgresClient {
  if (proxyUrl !== "") sendThroughProxy(url, proxyUrl);
  const fetchOptions = {
    // A getter, because the driver spreads these options into each request: every request gets a clock of its own.
    get signal() {
      return AbortSignal.timeout(timeoutMs);
    },
  };
  return drizzle({ client: neon(url, { fetchOptions }), casing: "snake_case" });
}

/** The driver knows one endpoint rule for all connections of an isolate, so ours looks the connection up. */
function sendThroughProxy(url: string, proxyUrl: string): void {
  const { hostname, port } = new URL(url);
  proxies.set(`${hostname}:${port}`, `${proxyUrl.replace(/\/$/, "")}/sql`);
  if (endpointsAreOurs) return;
  const endpointOfNeon = neonConfig.fetchEndpoint;
  neonConfig.fetchEndpoint = (host, hostPort, options) =>
    proxies.get(`${host}:${String(hostPort)}`) ??
    (typeof endpointOfNeon === "string" ? endpointOfNeon : endpointOfNeon(host, hostPort, options));
  endpointsAreOurs = true;
}
