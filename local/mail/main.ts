/**
 * The mail page as a process of its own.
 *
 *   main.ts --port 8025 --directory <project>/.wrangler/tmp/email --state <state directory> [--temporary <TMPDIR of the Worker>]
 *
 * Prints one JSON line when ready: `{"ready":true,"port":8025}`. Ends on SIGTERM or SIGINT.
 */
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { startMailServer } from "./server.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string" },
    directory: { type: "string" },
    state: { type: "string" },
    temporary: { type: "string" },
  },
});

try {
  await run();
} catch (error) {
  console.error(`mail page: ${sentenceFor(error)}`);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const port = Number(values.port);
  const { directory, state } = values;
  if (
    !Number.isInteger(port) ||
    port < 0 ||
    port > 65_535 ||
    directory === undefined ||
    state === undefined
  ) {
    throw new Error(
      "usage: main.ts --port <port> --directory <e-mail directory> --state <state directory> [--temporary <directory>]",
    );
  }
  const server = await startMailServer({
    port,
    sessionsDirectory: directory,
    temporaryDirectory: values.temporary ?? tmpdir(),
    stateDirectory: state,
  });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error("mail page: did not end cleanly:", error);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  console.log(JSON.stringify({ ready: true, port: server.port }));
}

function sentenceFor(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
    return `port ${values.port ?? ""} is already in use`;
  }
  return error instanceof Error ? error.message : String(error);
}
