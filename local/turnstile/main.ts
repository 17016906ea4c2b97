/**
 * The Turnstile stand-in as a process of its own.
 *
 *   main.ts --port 9123 --site-key <key> --secret-key <key>
 *
 * Prints one JSON line when ready: `{"ready":true,"port":9123}`. Ends on SIGTERM or SIGINT.
 */
import { parseArgs } from "node:util";
import { startTurnstile } from "./server.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    "site-key": { type: "string" },
    "secret-key": { type: "string" },
  },
});

try {
  const port = Number(values.port);
  const { "site-key": siteKey, "secret-key": secretKey } = values;
  if (
    !Number.isInteger(port) ||
    port < 0 ||
    port > 65_535 ||
    siteKey === undefined ||
    secretKey === undefined
  ) {
    throw new Error("usage: main.ts --port <port> --site-key <key> --secret-key <key>");
  }
  const running = await startTurnstile({ port, siteKey, secretKey });
  const end = (): void => {
    running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error("The Turnstile stand-in could not end cleanly:", error);
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  console.log(JSON.stringify({ ready: true, port: running.port }));
} catch (error) {
  console.error(
    `The Turnstile stand-in did not start: ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exit(1);
}
