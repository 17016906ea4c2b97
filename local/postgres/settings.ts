/** The configuration files of the local Postgres: small enough for a laptop, close to what Neon runs. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { giveTo, serverUser } from "./server-user.ts";

const MAX_CONNECTIONS = 100;
/** How much write-ahead log the primary keeps for a standby that was away; one that missed more is rebuilt. */
const KEPT_LOG_MEGABYTES = 128;

export interface ClusterSettings {
  port: number;
  /** Whether commits wait for the disk. Off, they still survive a killed server, but not a lost machine. */
  fsync: boolean;
  standby?: { primaryUrl: string; applyDelayMs: number };
}

/** Writes postgresql.conf and pg_hba.conf anew, and drops what ALTER SYSTEM changed in an earlier run. */
export function writeSettings(dataDirectory: string, settings: ClusterSettings): void {
  write(dataDirectory, "postgresql.conf", render(settings));
  write(dataDirectory, "postgresql.auto.conf", "");
  // Password in clear, as Neon has it: only then may the serverless driver send startup, password and first query in
  // one go (its default). The line never leaves the loopback interface.
  write(
    dataDirectory,
    "pg_hba.conf",
    ["host all all 127.0.0.1/32 password", "host replication all 127.0.0.1/32 password", ""].join("\n"),
  );
  if (settings.standby !== undefined) write(dataDirectory, "standby.signal", "");
}

function render(settings: ClusterSettings): string {
  const values: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    port: String(settings.port),
    unix_socket_directories: "",
    max_connections: String(MAX_CONNECTIONS),
    shared_buffers: "64MB",
    wal_level: "replica",
    hot_standby: "on",
    max_wal_senders: "5",
    wal_keep_size: `${String(KEPT_LOG_MEGABYTES)}MB`,
    max_wal_size: "256MB",
    wal_sender_timeout: "10s",
    fsync: settings.fsync ? "on" : "off",
    // No password is checked often enough to slow an attacker who already has an account on this machine.
    scram_iterations: "1",
    timezone: "UTC",
    log_timezone: "UTC",
    // Errors of statements go to whoever sent them; the log keeps what concerns the server.
    log_min_messages: "log",
    log_checkpoints: "off",
    // A statement whose client has gone away ends soon, instead of holding its locks to the end.
    client_connection_check_interval: "1s",
    // Shared memory in files of the data directory: a killed server leaves nothing in /dev/shm, which is tiny in containers.
    dynamic_shared_memory_type: "mmap",
    max_parallel_workers_per_gather: "0",
    // Two processes fewer each; the data are in the page cache anyway.
    io_method: "sync",
    jit: "off",
  };
  const { standby } = settings;
  if (standby !== undefined) {
    Object.assign(values, {
      hot_standby_feedback: "on",
      primary_conninfo: connectionInfo(standby.primaryUrl),
      recovery_min_apply_delay: `${String(standby.applyDelayMs)}ms`,
      wal_retrieve_retry_interval: "500ms",
      wal_receiver_status_interval: "1s",
    });
  }
  const lines = Object.entries(values).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  return `# Written anew at every start.\n${lines.join("\n")}\n`;
}

function connectionInfo(primaryUrl: string): string {
  const url = new URL(primaryUrl);
  const fields: Record<string, string> = {
    host: url.hostname,
    port: url.port,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    application_name: "holdfast_standby",
  };
  const quote = (value: string): string => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${quote(value)}`)
    .join(" ");
}

function write(dataDirectory: string, name: string, content: string): void {
  const file = join(dataDirectory, name);
  writeFileSync(file, content, { mode: 0o600 });
  giveTo(file, serverUser());
}
