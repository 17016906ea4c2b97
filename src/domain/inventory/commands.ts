/** What orders ask of a SKU, as values: many travel in one call, and each is decided on what the one before left. */
import * as rules from "./rules.ts";
import type { Decision, InventoryView } from "./state.ts";

export interface Release {
  readonly orderId: string;
  readonly attempt: number;
}
export interface Commit extends rules.OfOrder {
  /** The key of the card that pays, or null where it is not known. */
  readonly payer: string | null;
}
export interface Settle {
  readonly orderId: string;
}

export type SkuCommand =
  | ({ readonly kind: "reserve" } & rules.Reserve)
  | ({ readonly kind: "release" } & Release)
  | ({ readonly kind: "confirm" } & rules.OfOrder)
  | ({ readonly kind: "extend" } & rules.Extend)
  | ({ readonly kind: "commit" } & Commit)
  | ({ readonly kind: "settle" } & Settle)
  | ({ readonly kind: "return" } & rules.ReturnUnits);

/** What each kind of command is answered. */
export interface SkuOutcomes {
  readonly reserve: rules.ReserveOutcome;
  readonly release: rules.ReleaseOutcome;
  readonly confirm: rules.ConfirmOutcome;
  readonly extend: rules.ExtendOutcome;
  readonly commit: rules.CommitOutcome;
  readonly settle: rules.SettleOutcome;
  readonly return: rules.ReturnOutcome;
}
export type SkuOutcome = SkuOutcomes[SkuCommand["kind"]];

export function decide(view: InventoryView, command: SkuCommand, now: number): Decision<SkuOutcome> {
  switch (command.kind) {
    case "reserve":
      return rules.reserve(view, command, now);
    case "release":
      return rules.release(view, command.orderId, command.attempt);
    case "confirm":
      return rules.confirm(view, command, now);
    case "extend":
      return rules.extend(view, command, now);
    case "commit":
      return rules.commit(view, command, command.payer, now);
    case "settle":
      return rules.settle(view, command.orderId, now);
    case "return":
      return rules.returnUnits(view, command, now);
  }
}
