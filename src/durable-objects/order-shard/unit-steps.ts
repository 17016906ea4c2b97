/** An order's steps at its SKUs: one command per line, through their lanes, and one answer for all of them. */
import type { CommitOutcome } from "../../domain/inventory/rules.ts";
import type { UnitStep } from "../../domain/order/next-step.ts";
import { skuDeadlines, type OrderState } from "../../domain/order/state.ts";
import {
  limitReached,
  payerJudged,
  paymentStarted,
  unitLost,
  unitsCommitted,
  unitsSettled,
} from "../../domain/order/payment.ts";
import type { CommandOf } from "./lane.ts";
import type { Lanes } from "./lanes.ts";

/**
 * `done`: every SKU agreed; `payer_wanted`: so it did, and one wants to know the card before it is charged; `over_limit`: one refused
 * this buyer or card, though all units are there; `lost`: at least one unit is gone. Faults are thrown.
 */
export type UnitStepOutcome = "done" | "payer_wanted" | "over_limit" | "lost";

type UnitCommand = CommandOf<"extend" | "commit" | "settle">;

/** What a step asks of every SKU of the order. */
export function unitCommands(
  state: OrderState,
  step: UnitStep,
): readonly { readonly sku: string; readonly command: UnitCommand }[] {
  const command = unitCommand(state, step);
  return state.lines.map(({ sku }) => ({ sku, command }));
}

function unitCommand(state: OrderState, step: UnitStep): UnitCommand {
  const { orderId, fingerprint } = state;
  switch (step) {
    case "extend":
      return { kind: "extend", orderId, fingerprint, expiresAt: skuDeadlines(state).expiresAt };
    case "commit":
      return { kind: "commit", orderId, fingerprint, payer: null };
    case "judge_payer":
      return { kind: "commit", orderId, fingerprint, payer: state.payer?.key ?? null };
    case "settle":
      return { kind: "settle", orderId };
  }
}

/**
 * Takes one step at every SKU of the order.
 *
 * @throws whatever the first SKU that did not answer threw, after all have ended; the step is then taken again
 */
export async function takeUnitStep(
  lanes: Pick<Lanes, "send">,
  commands: ReturnType<typeof unitCommands>,
): Promise<UnitStepOutcome> {
  const answers = await Promise.allSettled(
    commands.map(async ({ sku, command }): Promise<UnitStepOutcome> => {
      if (command.kind === "commit") return sold(await lanes.send<"commit">(sku, command));
      const { ok } = await lanes.send<"extend" | "settle">(sku, command);
      return ok ? "done" : "lost";
    }),
  );
  const outcomes = new Set<UnitStepOutcome>();
  for (const answer of answers) {
    if (answer.status === "rejected") throw answer.reason;
    outcomes.add(answer.value);
  }
  return WEIGHTIEST_FIRST.find((outcome) => outcomes.has(outcome)) ?? "done";
}

const WEIGHTIEST_FIRST: readonly UnitStepOutcome[] = ["lost", "over_limit", "payer_wanted"];

function sold(answer: CommitOutcome): UnitStepOutcome {
  if (answer.ok) return answer.payerWanted === true ? "payer_wanted" : "done";
  return answer.reason === "purchase_limit" ? "over_limit" : "lost";
}

/** The order after its SKUs have answered a step. */
export function stepTaken(
  state: OrderState,
  step: UnitStep,
  outcome: UnitStepOutcome,
  now: number,
): OrderState {
  switch (step) {
    case "extend":
      return outcome === "done" ? paymentStarted(state, now) : unitLost(state, now);
    case "commit":
      if (outcome === "over_limit") return limitReached(state, now);
      return outcome === "lost"
        ? unitLost(state, now)
        : unitsCommitted(state, now, outcome === "payer_wanted");
    case "judge_payer": {
      const judged = payerJudged(state, now);
      if (outcome === "over_limit") return limitReached(judged, now);
      return outcome === "lost" ? unitLost(judged, now) : judged;
    }
    case "settle":
      return unitsSettled(state, now);
  }
}
