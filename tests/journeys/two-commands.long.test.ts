/** The two commands of the README: the whole store by one, or the platform and plain `wrangler dev` side by side. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { PROJECT_DIRECTORY } from "../../local/orchestration/settings.ts";
import { choosePort, isPortFree } from "../../local/process/free-port.ts";
import { startMark } from "../../local/process/identity.ts";
import { sendSignal } from "../../local/process/pid-record.ts";
import { waitFor } from "../../local/process/wait-for.ts";
import { runCommand, stillRunning, type RunningCommand } from "../harness/command.ts";
import { Store } from "../harness/store.ts";
import { expectMoneyToAgree } from "../harness/agreement.ts";
import type { PlacedOrder } from "../../src/contracts/orders.ts";

const TIMEOUT_MS = 240_000;
const SKU = "AURORA-128-FERN";
const READY = /^ready {10,}store http/;
const PLATFORM_READY = /^ready {2}platform/;
const DEV_VARS = join(PROJECT_DIRECTORY, ".dev.vars");

const started: RunningCommand[] = [];
/** Process ids and what tells each from a later process with the same id. */
const pidsSeen = new Map<number, string | undefined>();
let stateDirectory = "";
let port = 0;

beforeAll(async () => {
  stateDirectory = mkdtempSync(join(tmpdir(), "holdfast-commands-"));
  port = await choosePort();
});

afterEach(async () => {
  // Whatever a failed test left: by the ids that were written down, and by nothing else.
  await Promise.all(started.splice(0).map((command) => command.kill()));
  for (const [pid, mark] of pidsSeen) {
    if (mark !== undefined && startMark(pid) === mark) sendSignal(pid, "SIGKILL", true);
  }
  pidsSeen.clear();
});

afterAll(() => {
  rmSync(stateDirectory, { recursive: true, force: true });
});

const environment = () => ({ PORT: String(port), STATE_DIR: stateDirectory, WRANGLER_SEND_METRICS: "false" });

function run(command: string, ...args: string[]): RunningCommand {
  return runWith({}, command, ...args);
}

function runWith(
  extra: Readonly<Record<string, string>>,
  command: string,
  ...args: string[]
): RunningCommand {
  const running = runCommand(command, args, { ...environment(), ...extra });
  started.push(running);
  return running;
}

/** What a developer's shell may have for other programs: none of it is for the local parts. */
const OF_OTHER_PROGRAMS = {
  HTTP_PROXY: "http://127.0.0.1:9",
  HTTPS_PROXY: "http://127.0.0.1:9",
  NODE_USE_ENV_PROXY: "1",
  NO_PROXY: "",
  no_proxy: "",
  PGSSLMODE: "require",
  PGOPTIONS: "-c no_such_setting=1",
};

const store = () => new Store({ stateDirectory, persistDirectory: join(stateDirectory, "worker") });

/** Notes every process of the store, to be asked for later. */
function notePids(): number[] {
  const pids = Object.values(store().endpoints.pids);
  for (const pid of pids) pidsSeen.set(pid, startMark(pid));
  return pids;
}

async function buy(): Promise<PlacedOrder> {
  const order = await store().placed({ lines: [{ sku: SKU, quantity: 1 }] });
  await store().pay(order);
  await store().until(order, "paid");
  await expectMoneyToAgree(store(), order);
  return order;
}

async function expectNothingLeft(pids: readonly number[]): Promise<void> {
  await waitFor(() => stillRunning(pids).length === 0, {
    what: `processes ${pids.join(", ")} to be gone`,
    timeoutMs: 15_000,
    explain: () => `still there: ${stillRunning(pids).join(", ")}`,
  });
  for (const pid of pids) pidsSeen.delete(pid);
  expect(await isPortFree(port)).toBe(true);
  expect(existsSync(join(stateDirectory, "endpoints.json"))).toBe(false);
}

describe("npm run dev", () => {
  let first: PlacedOrder;

  it(
    "reaches ready, sells, and leaves no process behind on Ctrl-C, pressed impatiently",
    { timeout: TIMEOUT_MS },
    async () => {
      const dev = run("npm", "run", "dev");
      await dev.saw(READY);
      const pids = notePids();
      expect(pids).toHaveLength(8);
      first = await buy();
      await dev.ctrlC(3);
      await expectNothingLeft([...pids, dev.pid]);
    },
  );

  it(
    "keeps the data for the second start, and ignores proxies and Postgres variables",
    { timeout: TIMEOUT_MS },
    async () => {
      const dev = runWith(OF_OTHER_PROGRAMS, "npm", "run", "dev");
      await dev.saw(READY);
      const pids = notePids();
      expect(await store().order(first)).toMatchObject({ status: "paid" });
      await store().rowsWhere<{ status: string }>(
        "the first order in Postgres",
        ["select status from orders where order_id = $1", [first.orderId]],
        ([row]) => row?.status === "paid",
      );
      await buy();
      expect((await store().stock.figures(SKU)).sold).toBe(2);
      await dev.ctrlC();
      await expectNothingLeft([...pids, dev.pid]);
    },
  );

  it("after a SIGKILL ends what was left over, recovers, and sells on", { timeout: TIMEOUT_MS }, async () => {
    const killed = run("npm", "run", "dev");
    await killed.saw(READY);
    const left = Object.entries(store().endpoints.pids);
    notePids();
    // The command and some of the parts die at once; the others are orphans, the Worker among them.
    await killed.kill();
    for (const [name, pid] of left)
      if (["postgres", "stripe"].includes(name)) sendSignal(pid, "SIGKILL", true);
    expect(stillRunning(left.map(([, pid]) => pid))).not.toEqual([]);

    const dev = run("npm", "run", "dev");
    await dev.saw(READY);
    const pids = notePids();
    expect(dev.output()).toMatch(/ended a left-over/);
    expect(await store().order(first)).toMatchObject({ status: "paid" });
    await buy();
    await dev.ctrlC();
    await expectNothingLeft([...pids, dev.pid]);
  });

  it("says in one sentence that its port is in use", { timeout: TIMEOUT_MS }, async () => {
    const other = createServer();
    await new Promise<void>((resolve, reject) => {
      other.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
    try {
      const dev = run("npm", "run", "--silent", "dev");
      expect(await dev.ended()).toBe(1);
      const lines = dev
        .output()
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("npm warn"));
      expect(lines).toEqual([expect.stringMatching(new RegExp(`^Port ${String(port)} is in use.*PORT=`))]);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });
});

describe("npm run platform", () => {
  let former: string | null = null;

  beforeAll(() => {
    former = existsSync(DEV_VARS) ? readFileSync(DEV_VARS, "utf8") : null;
  });

  afterAll(() => {
    // A developer's own file, from a platform that may be running beside this test.
    if (former === null) rmSync(DEV_VARS, { force: true });
    else writeFileSync(DEV_VARS, former, { mode: 0o600 });
  });

  it("and plain wrangler dev serve the same store, with the same data", { timeout: TIMEOUT_MS }, async () => {
    const platform = run("npm", "run", "platform");
    await platform.saw(PLATFORM_READY);
    const pids = notePids();
    const persist = ["--persist-to", join(stateDirectory, "worker")];
    const wrangler = run(
      "npx",
      "wrangler",
      "dev",
      "--port",
      String(port),
      ...persist,
      "--show-interactive-dev-session=false",
    );
    await waitFor(
      async () => {
        const health = await fetch(`${store().url}/api/health`).catch(() => null);
        return health !== null && ((await health.json()) as { status: string }).status === "ok";
      },
      { what: "wrangler dev to serve a healthy store", timeoutMs: 120_000, explain: () => wrangler.output() },
    );
    const before = await store().stock.figures(SKU);
    expect(before.sold).toBe(3);
    await buy();
    expect((await store().stock.figures(SKU)).sold).toBe(4);

    await wrangler.ctrlC();
    await platform.ctrlC();
    await expectNothingLeft([...pids, platform.pid, wrangler.pid]);
  });

  it("says in one sentence that another one uses its state", { timeout: TIMEOUT_MS }, async () => {
    const platform = run("npm", "run", "platform");
    await platform.saw(PLATFORM_READY);
    const pids = notePids();
    const second = run("npm", "run", "--silent", "platform");
    expect(await second.ended()).toBe(1);
    expect(second.output()).toMatch(/already runs with this state directory .*STATE_DIR and PORT/);
    await platform.ctrlC();
    await expectNothingLeft([...pids, platform.pid, second.pid]);
  });
});
