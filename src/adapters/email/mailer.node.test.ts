/** The one way out for e-mail: three of a kind to a mailbox, counted in Redis, whatever leads to them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ENGINES_UNDER_TEST, TEST_TOKEN, type RunningEngine } from "../../../local/redis/running-engines.ts";
import { MAILS_PER_PERIOD } from "../../domain/mail-limit.ts";
import { createRedis, type Redis } from "../redis/redis.ts";
import { mailboxKeyFor, parseSigningKeys } from "../signing/index.ts";
import { createMailer, type MailKind, type MailOutcome } from "./mailer.ts";

/** Generous: what is tested here is not the speed of this machine. */
const PATIENT_MS = 10_000;
const keys = parseSigningKeys("v1:a-secret-of-the-tests-that-is-long-enough", "1:v1:n2:4");
const CONTENT = { subject: "Hello", html: "<p>Hello</p>", text: "Hello" };
const LIMITED: readonly MailKind[] = [
  "verify_email",
  "already_registered",
  "reset_password",
  "confirm_new_email",
  "order_link",
  "restock",
  "drop",
  "order_cancelled",
];

let mailboxes = 0;
const newAddress = (): string => `ada${String((mailboxes += 1))}@example.com`;

/** A mailer whose messages arrive here. */
function world(redis: Redis) {
  const state = { arrived: [] as string[], isAway: false, points: [] as string[], faults: [] as string[] };
  const mailer = createMailer({
    send: ({ to }) => {
      if (state.isAway) return Promise.reject(new Error("the mail is away"));
      state.arrived.push(to);
      return Promise.resolve();
    },
    from: "orders@holdfast.example",
    redis,
    mailboxKey: (email) => mailboxKeyFor(keys, email),
    telemetry: {
      count: (name, { outcome = "", where = "" } = {}) => state.points.push(`${name} ${outcome} ${where}`),
      fault: (event) => state.faults.push(event),
    },
  });
  const sendMany = (count: number, kind: MailKind, to: string): Promise<MailOutcome[]> =>
    Promise.all(Array.from({ length: count }, () => mailer.send(kind, to, CONTENT)));
  return { state, mailer, sendMany };
}

describe.each(ENGINES_UNDER_TEST)("on the $name engine", ({ installed, start }) => {
  let running: RunningEngine;
  let redis: Redis;
  beforeAll(async () => {
    if (!installed) return;
    running = await start();
    redis = createRedis({ url: running.url, token: TEST_TOKEN, timeoutMs: PATIENT_MS });
  });
  afterAll(async () => {
    if (installed) await running.stop();
  });

  it.skipIf(!installed).each(LIMITED)("sends a mailbox three %s of nine that come at once", async (kind) => {
    const { state, sendMany } = world(redis);
    const outcomes = await sendMany(9, kind, newAddress());
    expect(state.arrived).toHaveLength(MAILS_PER_PERIOD);
    expect(outcomes.filter((outcome) => outcome === "over_limit")).toHaveLength(9 - MAILS_PER_PERIOD);
    expect(state.points).toContain(`notices over_limit ${kind}`);
  });

  it.skipIf(!installed)(
    "counts each kind for itself: no flood of one keeps another from its owner",
    async () => {
      const { mailer, sendMany } = world(redis);
      const address = newAddress();
      await sendMany(9, "already_registered", address);
      expect(await mailer.send("reset_password", address, CONTENT)).toBe("sent");
    },
  );

  it.skipIf(!installed)("counts an address however it is written, and with what follows a plus", async () => {
    const { state, mailer } = world(redis);
    const [local = "", domain = ""] = newAddress().split("@");
    for (const typed of [`${local}@${domain}`, `${local.toUpperCase()}@${domain}`, `${local}+1@${domain}`])
      expect(await mailer.send("reset_password", typed, CONTENT)).toBe("sent");
    expect(await mailer.send("reset_password", `${local}+2@${domain}`, CONTENT)).toBe("over_limit");
    expect(state.arrived).toContain(`${local}+1@${domain}`);
  });

  it.skipIf(!installed)("confirms every paid order", async () => {
    const { state, sendMany } = world(redis);
    await sendMany(9, "order_confirmed", newAddress());
    expect(state.arrived).toHaveLength(9);
  });

  it.skipIf(!installed)("does not count a message that was not taken", async () => {
    const { state, mailer, sendMany } = world(redis);
    const address = newAddress();
    state.isAway = true;
    for (let time = 0; time < 2 * MAILS_PER_PERIOD; time += 1)
      await expect(mailer.send("order_link", address, CONTENT)).rejects.toThrow("the mail is away");
    state.isAway = false;
    await sendMany(9, "order_link", address);
    expect(state.arrived).toHaveLength(MAILS_PER_PERIOD);
  });
});

describe("without Redis", () => {
  const away = createRedis({ url: "", token: "", timeoutMs: PATIENT_MS });

  it("sends nothing that an outsider could trigger as often as they like", async () => {
    const { state, mailer } = world(away);
    await expect(mailer.send("reset_password", newAddress(), CONTENT)).rejects.toMatchObject({
      name: "RedisUnavailable",
    });
    expect(state.arrived).toEqual([]);
  });

  it("tells buyers what became of their orders", async () => {
    const { state, mailer } = world(away);
    for (const kind of ["order_confirmed", "order_cancelled"] as const)
      expect(await mailer.send(kind, newAddress(), CONTENT)).toBe("sent");
    expect(state.arrived).toHaveLength(2);
    expect(state.faults).toEqual(["mail.uncounted"]);
  });
});
