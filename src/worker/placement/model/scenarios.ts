/** What may happen in a run. Each scenario leans to the states that some defences are for; chance does the rest. */

/** An order's lines. Contents with the same lines still are different orders. */
export const CONTENTS = {
  x: { X: 1 },
  "x-again": { X: 1 },
  xx: { X: 2 },
  y: { Y: 1 },
  xy: { X: 1, Y: 1 },
  yx: { Y: 1, X: 1 },
} as const satisfies Record<string, Partial<Record<SkuName, number>>>;
export type ContentName = keyof typeof CONTENTS;
export type SkuName = "X" | "Y";

/** Who orders. All come from one network; the keys `k` and `l` are tries of one shopper in one cart, `m` is hers in another cart. */
export const SHOPPERS = {
  k: { buyer: "Ann", cart: "a", card: "card 1" },
  l: { buyer: "Ann", cart: "a", card: "card 1" },
  m: { buyer: "Ann", cart: "b", card: "card 2" },
  n: { buyer: "Bob", cart: "c", card: "card 1" },
  p: { buyer: "Cem", cart: "d", card: "card 3" },
  q: { buyer: "Dee", cart: "e", card: "card 4" },
} as const;
export type Key = keyof typeof SHOPPERS;

/** What may happen next, each as likely as its number says. */
export interface Likelihoods {
  readonly order: number;
  /** Something under way arrives. */
  readonly arrive: number;
  readonly wait: number;
  /** SKUs' alarms ring: what has lapsed is freed, tentative holds ask. */
  readonly skuAlarm: number;
  readonly shardAlarm: number;
  readonly pay: number;
  readonly authorise: number;
  /** What an order owes at Stripe is done. */
  readonly operate: number;
  /** Stripe ends the intent of an order that is authorised. */
  readonly refuse: number;
  readonly cancel: number;
  /** A SKU, or a listing at Stripe, has an order look at its deadline. */
  readonly poke: number;
  readonly crash: number;
  readonly displace: number;
  /** Very many orders at once, at most one time in a run. */
  readonly rush: number;
  /** An order's state cannot be read for a while. */
  readonly makeUnreadable: number;
  /** An alarm turn in which the storage fails. */
  readonly failingAlarm: number;
}

export interface Scenario {
  /** What happens first, before chance takes over. */
  readonly begins: readonly (keyof Likelihoods)[];
  readonly events: number;
  readonly likely: Likelihoods;
  readonly keys: readonly Key[];
  readonly contents: readonly ContentName[];
  /** The probability that a request expects another total. */
  readonly wrongTotal: number;
  readonly stock: Readonly<Record<SkuName, readonly number[]>>;
  readonly limit: readonly (number | null)[];
  /** Unpaid units that the network may have. */
  readonly unpaidUnits: readonly (number | null)[];
  readonly holdMs: readonly number[];
  readonly graceMs: number;
  readonly windowMs: number;
  /** By how much the SKUs' clocks are ahead of the shards', ms. The grace is what they may differ by. */
  readonly skewMs: readonly number[];
  /** The probability that a call, an answer or a question is lost. */
  readonly loss: readonly number[];
  /** The probability that what arrives next is a call that its caller has given up. */
  readonly lateness: number;
  readonly waits: readonly number[];
  /** The probability that a new call reaches a displaced instance while there is one. */
  readonly toDisplaced: number;
  /** How long a displaced instance runs on, ms. */
  readonly displacedForMs: number;
  /** After how long the second epoch begins, ms; Infinity for never. */
  readonly epochAfterMs: readonly number[];
  /** Orders in a rush. */
  readonly rushOf: readonly number[];
  readonly lapsesAtOnce: readonly number[];
  /** At the end the shards never answer again. */
  readonly shardsGone: boolean;
}

const NOTHING: Likelihoods = {
  order: 0,
  arrive: 0,
  wait: 0,
  skuAlarm: 0,
  shardAlarm: 0,
  pay: 0,
  authorise: 0,
  operate: 0,
  refuse: 0,
  cancel: 0,
  poke: 0,
  crash: 0,
  displace: 0,
  rush: 0,
  makeUnreadable: 0,
  failingAlarm: 0,
};

/** As the platform has it: requests under way on a displaced instance end within 30 s. */
const DISPLACED_FOR_MS = 30_000;

const ANYTHING: Scenario = {
  begins: [],
  events: 140,
  likely: {
    order: 16,
    arrive: 50,
    wait: 10,
    skuAlarm: 4,
    shardAlarm: 4,
    pay: 2,
    authorise: 2,
    operate: 2,
    refuse: 1,
    cancel: 1,
    poke: 1,
    crash: 2,
    displace: 3,
    rush: 0,
    makeUnreadable: 0,
    failingAlarm: 0,
  },
  keys: ["k", "k", "l", "m", "n"],
  contents: ["x", "x", "x-again", "xx", "xy", "yx"],
  wrongTotal: 0.2,
  stock: { X: [1, 1, 2, 3], Y: [1, 2] },
  limit: [null, null, 2],
  unpaidUnits: [null, null, 3],
  holdMs: [8_000, 120_000, 300_000],
  graceMs: 5_000,
  windowMs: 60_000,
  skewMs: [0, 0, 2_000, -2_000],
  loss: [0, 0.1, 0.3],
  lateness: 0.3,
  waits: [10, 100, 1_000, 5_000, 11_000, 61_000],
  toDisplaced: 0.3,
  displacedForMs: DISPLACED_FOR_MS,
  epochAfterMs: [Infinity, Infinity, 0, 5_000, 20_000],
  rushOf: [0],
  lapsesAtOnce: [1, 100],
  shardsGone: false,
};

/** One SKU, one content, no limits, no second epoch: little, so that chance comes to what matters soon. */
const SMALL: Scenario = {
  ...ANYTHING,
  events: 60,
  keys: ["k"],
  contents: ["x"],
  stock: { X: [1], Y: [1] },
  limit: [null],
  unpaidUnits: [null],
  skewMs: [0],
  epochAfterMs: [Infinity],
  lapsesAtOnce: [100],
};

const PLACING: Likelihoods = { ...NOTHING, order: 16, arrive: 50, wait: 10, skuAlarm: 6, shardAlarm: 4 };
const PAYING: Likelihoods = { ...PLACING, pay: 6, authorise: 6, operate: 3, refuse: 2, cancel: 2, poke: 2 };

export const SCENARIOS = {
  anything: ANYTHING,
  "retries of one key, deploy": {
    ...SMALL,
    wrongTotal: 0.4,
    likely: { ...PLACING, displace: 6 },
    loss: [0, 0.2],
  },
  "retries of one key, crash": {
    ...SMALL,
    wrongTotal: 0.2,
    likely: { ...PLACING, order: 20, skuAlarm: 10, crash: 4 },
    holdMs: [120_000],
    waits: [100, 61_000],
    loss: [0, 0.2],
  },
  "two tries at once": { ...SMALL, wrongTotal: 0.4, events: 30, likely: { ...PLACING, order: 30, wait: 4 } },
  "other content, same SKU": {
    ...SMALL,
    contents: ["x", "xx", "x-again"],
    stock: { X: [1, 2, 3], Y: [1] },
    likely: { ...PLACING, displace: 4, crash: 2, pay: 2, authorise: 2 },
  },
  "other content, other SKU": {
    ...SMALL,
    contents: ["xy", "y"],
    likely: { ...PLACING, crash: 4, skuAlarm: 8 },
    holdMs: [120_000],
  },
  "payment, extension, cancel": {
    ...SMALL,
    events: 90,
    likely: { ...PAYING, crash: 1, displace: 2, cancel: 4 },
    holdMs: [8_000, 60_000],
    loss: [0.1, 0.3],
  },
  "commit sent twice, then canceled": {
    ...SMALL,
    events: 80,
    likely: { ...PLACING, skuAlarm: 1, shardAlarm: 6, pay: 2, authorise: 2, refuse: 2, cancel: 6 },
    holdMs: [120_000],
    waits: [100, 2_500, 5_000],
    loss: [0.2, 0.4],
    lateness: 0.05,
  },
  "the shard never comes back": { ...SMALL, likely: { ...PLACING, crash: 2 }, shardsGone: true },
  "asks reach the displaced instance": {
    ...SMALL,
    likely: { ...PLACING, skuAlarm: 12, displace: 5, crash: 1 },
    waits: [1_000, 10_000, 28_000],
    holdMs: [120_000],
    skewMs: [0, 2_000],
    toDisplaced: 0.6,
  },
  "a displaced instance places after the hold has lapsed": {
    ...SMALL,
    begins: [
      "order",
      "arrive",
      "arrive",
      "arrive",
      "arrive",
      "displace",
      "order",
      "arrive",
      "arrive",
      "pay",
      "wait",
    ],
    contents: ["x", "x", "xx"],
    wrongTotal: 0.6,
    stock: { X: [2], Y: [1] },
    likely: { ...NOTHING, order: 14, arrive: 40, wait: 10, shardAlarm: 2, pay: 4 },
    holdMs: [3_000],
    graceMs: 1_500,
    waits: [500, 2_000, 2_500],
    toDisplaced: 0.6,
    loss: [0, 0.1],
    lateness: 0.1,
  },
  "holds shorter than the write limit": {
    ...SMALL,
    keys: ["k", "n"],
    contents: ["x", "xy"],
    likely: PLACING,
    holdMs: [3_000],
    graceMs: 1_000,
    skewMs: [0, 500],
    waits: [100, 1_000, 2_000, 4_000],
  },
  "clocks nearly the grace apart": {
    ...SMALL,
    contents: ["x", "xy"],
    likely: { ...PLACING, skuAlarm: 12, displace: 3 },
    holdMs: [120_000],
    graceMs: 120_000,
    skewMs: [61_000, 115_000, -115_000],
    waits: [100, 1_000, 4_000],
    loss: [0, 0.1],
  },
  "an epoch ends": {
    ...SMALL,
    contents: ["x", "x", "xy"],
    stock: { X: [1, 2, 3], Y: [1, 2] },
    likely: { ...PLACING, displace: 1, crash: 1 },
    epochAfterMs: [0, 1_000, 5_000],
    waits: [10, 100, 1_000, 5_000],
    loss: [0, 0.1],
  },
  "limits of a buyer, a card and a network": {
    ...SMALL,
    events: 100,
    keys: ["k", "l", "m", "n"],
    contents: ["x", "xx"],
    stock: { X: [4, 6], Y: [1] },
    limit: [2, 2, null],
    unpaidUnits: [3, null],
    likely: { ...PAYING, authorise: 12, operate: 12, displace: 1 },
    holdMs: [120_000],
  },
  "nearly sold out, and busy": {
    ...SMALL,
    events: 110,
    keys: ["k", "k", "l", "n", "p", "q"],
    contents: ["x"],
    wrongTotal: 0.5,
    likely: { ...PLACING, order: 40, arrive: 30, wait: 10, skuAlarm: 0, shardAlarm: 1, cancel: 2 },
    holdMs: [300_000],
    waits: [10, 50, 300, 1_000],
    loss: [0, 0.1, 0.3],
  },
  "nearly sold out, and calls are lost": {
    ...SMALL,
    events: 110,
    keys: ["k", "k", "n", "p", "q"],
    wrongTotal: 0.9,
    likely: { ...NOTHING, order: 40, arrive: 34, wait: 8, shardAlarm: 1, cancel: 2 },
    holdMs: [300_000],
    waits: [10, 50],
    loss: [0.1, 0.2],
  },
  "nearly sold out, calls are lost, and instances die": {
    ...SMALL,
    events: 110,
    keys: ["k", "k", "n", "p", "q"],
    wrongTotal: 0.9,
    likely: { ...NOTHING, order: 40, arrive: 34, wait: 8, shardAlarm: 1, cancel: 2, crash: 2, displace: 1 },
    holdMs: [300_000],
    waits: [10, 50],
    loss: [0.1, 0.2],
  },
  "a rush": {
    ...SMALL,
    events: 30,
    keys: ["k", "n"],
    likely: { ...PAYING, arrive: 20, pay: 12, authorise: 12, rush: 8, wait: 4 },
    stock: { X: [2, 3], Y: [1] },
    rushOf: [210, 1_010],
    holdMs: [120_000],
    waits: [10, 100, 5_000],
    loss: [0],
  },
  "an order that cannot be read": {
    ...SMALL,
    keys: ["k", "l", "m", "n"],
    stock: { X: [3, 4], Y: [1] },
    likely: { ...PAYING, makeUnreadable: 3, failingAlarm: 3 },
    holdMs: [8_000],
  },
} as const satisfies Record<string, Scenario>;
export type ScenarioName = keyof typeof SCENARIOS;
