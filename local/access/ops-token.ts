/**
 * Prints an ops token for the running local platform, and nothing else, so that it can be put into a variable:
 *
 *   npm run --silent ops-token -- --role manager [--email ada@example.com]
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isolateEnvironment } from "../process/environment.ts";
import { KEY_SET_PATH } from "./key-set-app.ts";
import { LOCAL_AUDIENCE, OPS_ROLES, signOpsToken, toOpsRole } from "./sign-ops-token.ts";

const ISSUER_TIMEOUT_MS = 2000;
const DEFAULT_STATE_DIRECTORY = ".local";

const NOT_RUNNING =
  "The local platform is not running: start it with `npm run dev` (or `npm run platform`) and ask again.";

isolateEnvironment();
try {
  console.log(await opsToken());
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function opsToken(): Promise<string> {
  const { values } = parseArgs({
    options: { role: { type: "string", default: "manager" }, email: { type: "string" } },
  });
  const role = toOpsRole(values.role);
  if (role === undefined) throw new Error(`--role takes ${OPS_ROLES.join(", ")}, not "${values.role}".`);
  const stateDirectory = process.env["STATE_DIR"] ?? DEFAULT_STATE_DIRECTORY;
  const issuer = await runningIssuer(stateDirectory);
  const who = values.email === undefined ? {} : { email: values.email };
  return signOpsToken({ stateDirectory, role, ...who, audience: LOCAL_AUDIENCE, issuer });
}

/** The mail page's origin, where the keys are served, if that server answers: its file may outlive it. */
async function runningIssuer(stateDirectory: string): Promise<string> {
  try {
    const endpoints = JSON.parse(await readFile(join(stateDirectory, "endpoints.json"), "utf8")) as {
      mail?: unknown;
    };
    const { origin } = new URL(String(endpoints.mail));
    const response = await fetch(origin + KEY_SET_PATH, { signal: AbortSignal.timeout(ISSUER_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`the key set answers ${String(response.status)}`);
    return origin;
  } catch (error) {
    throw new Error(NOT_RUNNING, { cause: error });
  }
}
