/** Faults on demand, from a seed: slowness, 500s before and after the effect, rate limits, and webhooks gone astray. */

const MAX_LATENCY_MS = 60_000;
const MAX_DELAY_MS = 600_000;
const MAX_RATE_LIMIT = 100_000;
const MAX_DUPLICATES = 20;
/** How long a delivery can be held back by `reorder`, and how late a duplicate can come. */
const REORDER_WINDOW_MS = 1000;

export type WebhookFaults = {
  /** Extra copies of each delivery: a whole number is a count, a fraction below 1 the probability of one copy. */
  duplicate: number;
  /** Probability that a delivery is held back for up to a second, so that later ones overtake it. */
  reorder: number;
  /** Probability that a delivery is lost for good, its retries included. */
  drop: number;
  delayMs: number;
};

export type Faults = {
  latencyMs: number;
  /** Share of API requests that answer 500; half of them before, half after they took effect. */
  errorRate: number;
  /** Requests a second before 429; `null` is no limit. */
  rateLimit: number | null;
  webhook: WebhookFaults;
  seed: number;
};

export type InjectedError = "none" | "before" | "after";

/** What happens to one webhook: lost, or sent at each of these delays. */
export type DeliveryPlan = { dropped: boolean; delayMs: number; copyDelaysMs: number[] };

export type Configured = { ok: true; faults: Faults } | { ok: false; reason: string };

const NO_FAULTS: Faults = {
  latencyMs: 0,
  errorRate: 0,
  rateLimit: null,
  webhook: { duplicate: 0, reorder: 0, drop: 0, delayMs: 0 },
  seed: 1,
};

export class FaultInjector {
  #faults = NO_FAULTS;
  #apiRandom = seededRandom(NO_FAULTS.seed);
  #webhookRandom = seededRandom(NO_FAULTS.seed + 1);
  #tokens = 0;
  #refilledMs = 0;

  get current(): Faults {
    return this.#faults;
  }

  /** Puts `input` in the place of all faults so far (what it leaves out is off), or refuses it with the reason. */
  configure(input: unknown): Configured {
    const read = readFaults(input);
    if (!read.ok) return read;
    this.#faults = read.faults;
    this.#apiRandom = seededRandom(read.faults.seed);
    this.#webhookRandom = seededRandom(read.faults.seed + 1);
    this.#tokens = read.faults.rateLimit ?? 0;
    this.#refilledMs = 0;
    return read;
  }

  clear(): void {
    this.configure({});
  }

  /** Whether the rate limit admits one more request at `nowMs`: a bucket that holds one second's worth. */
  admits(nowMs: number): boolean {
    const limit = this.#faults.rateLimit;
    if (limit === null) return true;
    const elapsedMs = this.#refilledMs === 0 ? 0 : Math.max(0, nowMs - this.#refilledMs);
    this.#tokens = Math.min(limit, this.#tokens + (elapsedMs / 1000) * limit);
    this.#refilledMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** The fate of the next API request. */
  nextError(): InjectedError {
    const { errorRate } = this.#faults;
    if (errorRate === 0) return "none";
    const drawn = this.#apiRandom();
    if (drawn < errorRate / 2) return "before";
    return drawn < errorRate ? "after" : "none";
  }

  /** The fate of the next webhook. Every draw is made each time, so that one fault does not shift another's sequence. */
  nextDelivery(): DeliveryPlan {
    const { duplicate, reorder, drop, delayMs } = this.#faults.webhook;
    const random = this.#webhookRandom;
    const [dropDraw, reorderDraw, heldDraw, copyDraw] = [random(), random(), random(), random()];
    const heldMs = reorderDraw < reorder ? Math.round(heldDraw * REORDER_WINDOW_MS) : 0;
    const copies = duplicate < 1 ? Number(copyDraw < duplicate) : duplicate;
    const copyDelaysMs = Array.from(
      { length: copies },
      () => delayMs + Math.round(random() * REORDER_WINDOW_MS),
    );
    return { dropped: dropDraw < drop, delayMs: delayMs + heldMs, copyDelaysMs };
  }
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Fields = Record<string, unknown>;

function readFaults(input: unknown): Configured {
  const problems: string[] = [];
  const fields = readObject(input, "the body", problems);
  const webhook = fields["webhook"] === undefined ? {} : readObject(fields["webhook"], "webhook", problems);
  refuseUnknown(fields, ["latencyMs", "errorRate", "rateLimit", "webhook", "seed"], "", problems);
  refuseUnknown(webhook, ["duplicate", "reorder", "drop", "delayMs"], "webhook.", problems);
  const whole = (from: Fields, name: string, low: number, high: number, otherwise: number): number =>
    readNumber(from[name], name, { low, high, whole: true, otherwise }, problems);
  const share = (from: Fields, name: string): number =>
    readNumber(from[name], name, { low: 0, high: 1, whole: false, otherwise: 0 }, problems);
  const rateLimit = fields["rateLimit"] === null ? 0 : whole(fields, "rateLimit", 0, MAX_RATE_LIMIT, 0);
  const faults: Faults = {
    latencyMs: whole(fields, "latencyMs", 0, MAX_LATENCY_MS, 0),
    errorRate: share(fields, "errorRate"),
    rateLimit: rateLimit === 0 ? null : rateLimit,
    webhook: {
      duplicate: readDuplicate(webhook["duplicate"], problems),
      reorder: share(webhook, "reorder"),
      drop: share(webhook, "drop"),
      delayMs: whole(webhook, "delayMs", 0, MAX_DELAY_MS, 0),
    },
    seed: whole(fields, "seed", 0, 0xffff_ffff, NO_FAULTS.seed),
  };
  return problems.length === 0 ? { ok: true, faults } : { ok: false, reason: problems.join("; ") };
}

function readObject(value: unknown, name: string, problems: string[]): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  problems.push(`${name} must be a JSON object`);
  return {};
}

function refuseUnknown(fields: Fields, known: readonly string[], prefix: string, problems: string[]): void {
  for (const name of Object.keys(fields)) {
    if (!known.includes(name)) problems.push(`unknown field ${prefix}${name}; known are ${known.join(", ")}`);
  }
}

type NumberRule = { low: number; high: number; whole: boolean; otherwise: number };

/** `true` and `false` read as 1 and 0: "always" and "never" of a probability. */
function readNumber(value: unknown, name: string, rule: NumberRule, problems: string[]): number {
  if (value === undefined) return rule.otherwise;
  const number = typeof value === "boolean" && !rule.whole ? Number(value) : value;
  const fits =
    typeof number === "number" &&
    number >= rule.low &&
    number <= rule.high &&
    (!rule.whole || Number.isInteger(number));
  if (fits) return number;
  problems.push(
    `${name} must be ${rule.whole ? "a whole number" : "a number"} from ${rule.low} to ${rule.high}`,
  );
  return rule.otherwise;
}

function readDuplicate(value: unknown, problems: string[]): number {
  if (value === undefined) return 0;
  const number = typeof value === "boolean" ? Number(value) : value;
  const isNumber = typeof number === "number" && number >= 0 && number <= MAX_DUPLICATES;
  if (isNumber && (number < 1 || Number.isInteger(number))) return number;
  problems.push(`duplicate must be a number of copies from 1 to ${MAX_DUPLICATES}, or a probability below 1`);
  return 0;
}
