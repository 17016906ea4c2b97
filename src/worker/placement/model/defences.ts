/** What a purchase's protocol defends itself with. Each can be switched off in the model, and is then missed. */
import type { ScenarioName } from "./scenarios.ts";

/** What the defence does, and the scenario that misses it soonest. */
export const DEFENCES = {
  // Attempts
  risingAttempts: [
    "a SKU lets only a higher attempt take over a tentative hold",
    "retries of one key, deploy",
  ],
  durableGeneration: [
    "an instance writes its generation before its first reserve",
    "retries of one key, deploy",
  ],
  awaitInFlight: ["a placement of an id that is in flight is awaited", "two tries at once"],
  judgeWaiter: [
    "a request that waited shares a 201 only, and is judged by itself otherwise",
    "two tries at once",
  ],
  writeBeforeDeadline: [
    "an order is written only before its own deadline",
    "holds shorter than the write limit",
  ],
  // Units given back
  releaseOwnAttempt: ["release frees only the hold of its own attempt", "retries of one key, deploy"],
  releaseTentative: [
    "release and `unknown` free only a tentative hold",
    "a displaced instance places after the hold has lapsed",
  ],
  unknownAskedAttempt: [
    "`unknown` frees only a hold of the attempt that was asked about",
    "retries of one key, crash",
  ],
  deadline: ["its deadline ends every hold that is not sold", "the shard never comes back"],
  tombstone: ["settle refuses every later command of the order", "commit sent twice, then canceled"],
  // Questions of tentative holds
  askInFlight: [
    "a shard answers `in_flight` while a placement of the id runs",
    "clocks nearly the grace apart",
  ],
  askGeneration: [
    "an instance that is asked about a later generation than its own answers `in_flight`",
    "clocks nearly the grace apart",
  ],
  askFingerprint: ["`open` only where the order has the hold's content", "other content, other SKU"],
  // Content
  adoptEqual: ["an attempt adopts only a hold of its own content", "other content, same SKU"],
  judgeReplaced: ["a hold that replaces one of other content is judged anew", "other content, same SKU"],
  renewAdopted: [
    "an adopted hold gets the deadlines of the attempt that adopts it",
    "retries of one key, deploy",
  ],
  ownContent: [
    "only a hold of its own content obeys an order",
    "a displaced instance places after the hold has lapsed",
  ],
  // Limits
  limitWhenHeld: ["a buyer's holds are counted before one more", "limits of a buyer, a card and a network"],
  limitWhenSold: [
    "a buyer's sold units are counted before a sale",
    "limits of a buyer, a card and a network",
  ],
  limitByCard: ["a card's sold units are counted before a sale", "limits of a buyer, a card and a network"],
  unpaidLimit: [
    "a network's unpaid units are counted before a hold",
    "limits of a buyer, a card and a network",
  ],
  // Epochs
  formerFirst: ["the epoch that has ended is asked first", "an epoch ends"],
  close: ["an id of an epoch that has ended is closed before the next epoch is tried", "an epoch ends"],
  closeAwaits: ["closing an id awaits its placement that is in flight", "an epoch ends"],
  // Lanes
  callTimeout: ["a call to a SKU has a time limit", "payment, extension, cancel"],
  ordersFirst: ["what orders need leaves before what new orders ask for", "a rush"],
  laneBound: ["new orders are turned away where too many commands wait for a SKU", "a rush"],
  reserveInTime: ["a reserve that waited until its attempt may write no order is not sent", "a rush"],
  neverShed: ["what orders need is sent however many commands wait", "a rush"],
  unresolved: [
    "an id whose last reserve brought no answer is never told `sold_out` unasked",
    "nearly sold out, and calls are lost",
  ],
  successorAsks: [
    "an instance that is not its shard's first asks for every order until the holds of those before it are known",
    "nearly sold out, calls are lost, and instances die",
  ],
  soldOutFor: ["`sold_out` is told unasked for a moment only", "nearly sold out, and busy"],
  askAfterRelease: ["after a release the next reserve is asked", "nearly sold out, and busy"],
  // Alarms
  putOffFirst: ["due orders are put off before any of them is looked at", "an order that cannot be read"],
  setAside: [
    "an order whose state cannot be read is set aside, and stops no other",
    "an order that cannot be read",
  ],
} as const satisfies Record<string, readonly [meaning: string, scenario: ScenarioName]>;

export type Defence = keyof typeof DEFENCES;
