/** The emulator as a process of its own: prints one JSON ready line, ends on SIGTERM or SIGINT having written everything. */
import { parseArgs } from "node:util";
import { createStripeEmulator } from "./server.ts";
import type { StripeEmulatorOptions } from "./server.ts";

function optionsFromCommandLine(): StripeEmulatorOptions {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      host: { type: "string" },
      directory: { type: "string" },
      "webhook-url": { type: "string" },
      "webhook-secret": { type: "string" },
      "webhook-events": { type: "string" },
      "secret-key": { type: "string" },
      "publishable-key": { type: "string" },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port must be a port number, not ${values.port}`);
  const options: StripeEmulatorOptions = { port };
  if (values.host !== undefined) options.host = values.host;
  if (values.directory !== undefined) options.directory = values.directory;
  if (values["webhook-url"] !== undefined) options.webhookUrl = values["webhook-url"];
  if (values["webhook-secret"] !== undefined) options.webhookSecret = values["webhook-secret"];
  if (values["webhook-events"] !== undefined) options.webhookEvents = values["webhook-events"].split(",");
  if (values["secret-key"] !== undefined) options.secretKey = values["secret-key"];
  if (values["publishable-key"] !== undefined) options.publishableKey = values["publishable-key"];
  return options;
}

try {
  const emulator = await createStripeEmulator(optionsFromCommandLine());
  let ending: Promise<void> | null = null;
  const end = (): void => {
    ending ??= emulator.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error("The Stripe emulator could not end cleanly:", error);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  console.log(JSON.stringify({ ready: true, port: emulator.port }));
} catch (error) {
  console.error(
    `The Stripe emulator did not start: ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exit(1);
}
