/** An order's steps at the SKU objects: one call per line, in parallel, and one answer for all of them. */
import type { SkuObjects } from "../sku-inventory/sku-objects.ts";
import { skuDeadlines, type OrderState } from "../../domain/order/state.ts";
import type { UnitStep } from "../../domain/order/next-step.ts";

/** `done`: every SKU agreed; `lost`: at least one refused, so a unit is gone. Faults are thrown. */
export type UnitStepOutcome = "done" | "lost";

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
    state.lines.map(async ({ sku, quantity, unitAmountMinor }): Promise<boolean> => {
      const object = skuObject(sku);
      switch (step) {
        case "confirm": {
          const terms = { orderId, quantity, unitAmountMinor, currency, expiresAt, latestExpiresAt };
          return (await object.confirm(terms)).ok;
        }
        case "extend":
          return (await object.extend({ orderId, expiresAt })).ok;
        case "commit":
          return (await object.commit(orderId)).ok;
        case "settle":
          return (await object.settle({ orderId, reopenable: state.phase === "undoing" })).ok;
      }
    }),
  );
  for (const answer of answers) if (answer.status === "rejected") throw answer.reason;
  return answers.every((answer) => answer.status === "fulfilled" && answer.value) ? "done" : "lost";
}
