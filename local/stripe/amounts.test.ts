import { expect, it } from "vitest";
import { CHARGEABLE_CURRENCIES, chargeFault, MAX_CHARGE_MINOR } from "../../src/domain/charge-limits.ts";
import { checkAmount } from "./amounts.ts";

/** Around every minimum and the maximum. */
const EDGES = [0, 30, 50, 200, 250, 300, 400, 1_000, 1_500, 17_500, MAX_CHARGE_MINOR];

function isTaken(amountMinor: number, currency: string): boolean {
  try {
    checkAmount(amountMinor, currency.toLowerCase());
    return true;
  } catch {
    return false;
  }
}

it.each(CHARGEABLE_CURRENCIES)(
  "the emulator charges in %s what the store says can be charged",
  (currency) => {
    for (const amount of EDGES.flatMap((edge) => [edge - 1, edge, edge + 1]))
      expect([amount, isTaken(amount, currency)]).toEqual([amount, chargeFault(amount, currency) === null]);
  },
);
