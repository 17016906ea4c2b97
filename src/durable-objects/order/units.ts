/** An order's steps at the SKU objects: one call per line, in parallel, and one answer for all of them. */
import type { SkuObjects } from "../sku-inventory/sku-objects.ts";
import type { CommitOutcome } from "../../domain/inventory/rules.ts";
import { skuDeadlines, type OrderState } from "../../domain/order/state.ts";
import type { UnitStep } from "../../domain/order/next-step.ts";

/**
 * `done`: every SKU agreed; `payer_wanted`: so it did, and one wants to know the card before it is charged; `over_limit`: one refused
 * this buyer or card, though all units are there; `lost`: at least one unit is gone. Faults are thrown.
 */
export type UnitStepOutcome = "done" | "payer_wanted" | "over_limit" | "lost";

/**
 * Takes one step at every SKU of the order.
 *
 * @throws whatever the first unreachable SKU object threw, after all calls have ended; the step is then taken again.
 */
export async function takeUnitStep(
  skuObject: SkuObjects,
  state: OrderState,
  step: UnitStep,
): Promise<UnitStepOutcome> {
  const { orderId } = state;
  const { expiresAt, latestExpiresAt } = skuDeadlines(state);
  const { currency } = state.totals;
  const answers = await Promise.allSettled(
    state.lines.map(async ({ sku, quantity, unitAmountMinor }): Promise<UnitStepOutcome> => {
      const object = skuObject(sku);
      switch (step) {
        case "confirm": {
          const terms = { orderId, quantity, unitAmountMinor, currency, expiresAt, latestExpiresAt };
          return doneOrLost(await object.confirm(terms));
        }
        case "extend":
          return doneOrLost(await object.extend({ orderId, expiresAt }));
        case "commit":
          return sold(await object.commit(orderId));
        case "judge_payer":
          return sold(await object.commit(orderId, state.payer?.key ?? null));
        case "settle":
          return doneOrLost(await object.settle({ orderId, reopenable: state.phase === "undoing" }));
      }
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

const doneOrLost = ({ ok }: { readonly ok: boolean }): UnitStepOutcome => (ok ? "done" : "lost");

function sold(answer: CommitOutcome): UnitStepOutcome {
  if (answer.ok) return answer.payerWanted === true ? "payer_wanted" : "done";
  return answer.reason === "purchase_limit" ? "over_limit" : "lost";
}
