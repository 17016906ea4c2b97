/** What the purchase's protocol defends itself with. Each can be switched off in the model, and must then be missed. */

export const DEFENCES = {
  risingAttempts: "a SKU lets only a higher attempt take over a tentative hold",
  durableGeneration: "an instance writes its generation before its first reserve",
  awaitInFlight: "a placement of an id that is in flight is awaited",
  youngAttempt: "an order is written only while its attempt is young, and before its own deadline",
  releaseOwnAttempt: "release frees only the hold of its own attempt",
  releaseTentative: "release frees only a tentative hold",
  unknownAskedAttempt: "`unknown` frees only a hold of the attempt that was asked about",
  unknownTentative: "`unknown` frees only a tentative hold",
  askInFlight: "a shard answers `in_flight` while a placement of the id runs",
  askGeneration: "an instance that is asked about a later generation than its own answers `in_flight`",
  askFingerprint: "`open` only where the order has the hold's content",
  askUnits: "`open` only where the order has its units",
  ownContent: "only a hold of its own content obeys an order",
  tombstone: "settle refuses every later command of the order",
  deadline: "its deadline ends every hold that is not sold",
  confirmNeverShortens: "confirm never moves a deadline in",
  close: "an id of an epoch that has ended is closed before the next epoch is tried",
} as const;
export type Defence = keyof typeof DEFENCES;
