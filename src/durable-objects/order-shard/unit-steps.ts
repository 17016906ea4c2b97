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
import { returnsDue, unitsReturned } from "../../domain/order/refunds.ts";
import type { CommandOf } from "./lane.ts";
import type { Lanes } from "./lanes.ts";

/**
 * `done`: every SKU agreed; `payer_wanted`: so it did, and one wants to know the card before it is charged; `over_limit`: one refused
 * this buyer or card, though all units are there; `lost`: at least one unit is gone. Faults are thrown.
 */
type UnitStepOutcome = "done" | "payer_wanted" | "over_limit" | "lost";

type LineStep = Exclude<UnitStep, "return">;

interface UnitCommand {
  readonly sku: string;
  readonly command: CommandOf<"extend" | "commit" | "settle" | "return">;
  /** The refund whose units go back on sale. */
  readonly refundId?: string;
}

interface UnitAnswer {
  readonly refundId: string | undefined;
  readonly outcome: UnitStepOutcome;
}

/** What a step asks of every SKU that it concerns. */
export function unitCommands(state: OrderState, step: UnitStep): readonly UnitCommand[] {
  if (step === "return") return returnCommands(state);
  const command = lineCommand(state, step);
  return state.lines.map(({ sku }) => ({ sku, command }));
}

/** Each under an id of its refund, by which a SKU does so once. */
function returnCommands(state: OrderState): UnitCommand[] {
  const { orderId } = state;
  return returnsDue(state).map(({ refundId, sku, quantity }) => ({
    sku,
    command: { kind: "return", id: `${orderId}:${refundId}`, orderId, quantity },
    refundId,
  }));
}

function lineCommand(state: OrderState, step: LineStep): CommandOf<"extend" | "commit" | "settle"> {
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
 * Takes one step at every SKU that it concerns.
 *
 * @throws whatever the first SKU that did not answer threw, after all have ended; the step is then taken again
 */
export async function takeUnitStep(
  lanes: Pick<Lanes, "send">,
  commands: readonly UnitCommand[],
): Promise<readonly UnitAnswer[]> {
  const answers = await Promise.allSettled(
    commands.map(async ({ sku, command, refundId }): Promise<UnitAnswer> => {
      if (command.kind === "commit")
        return { refundId, outcome: sold(await lanes.send<"commit">(sku, command)) };
      const { ok } = await lanes.send<"extend" | "settle" | "return">(sku, command);
      return { refundId, outcome: ok ? "done" : "lost" };
    }),
  );
  return answers.map((answer) => {
    if (answer.status === "rejected") throw answer.reason;
    return answer.value;
  });
}

const WEIGHTIEST_FIRST: readonly UnitStepOutcome[] = ["lost", "over_limit", "payer_wanted"];

function weightiestOf(answers: readonly UnitAnswer[]): UnitStepOutcome {
  const outcomes = answers.map(({ outcome }) => outcome);
  return WEIGHTIEST_FIRST.find((outcome) => outcomes.includes(outcome)) ?? "done";
}

function sold(answer: CommitOutcome): UnitStepOutcome {
  if (answer.ok) return answer.payerWanted === true ? "payer_wanted" : "done";
  return answer.reason === "purchase_limit" ? "over_limit" : "lost";
}

/** The order after its SKUs have answered a step. */
export function stepTaken(
  state: OrderState,
  step: UnitStep,
  answers: readonly UnitAnswer[],
  now: number,
): OrderState {
  if (step !== "return") return lineStepTaken(state, step, weightiestOf(answers), now);
  const refunds = (chosen: readonly UnitAnswer[]) => new Set(chosen.map(({ refundId }) => refundId));
  return unitsReturned(
    state,
    refunds(answers),
    refunds(answers.filter(({ outcome }) => outcome === "lost")),
    now,
  );
}

function lineStepTaken(state: OrderState, step: LineStep, outcome: UnitStepOutcome, now: number): OrderState {
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
