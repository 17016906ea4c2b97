/** What pages that everybody shares say about shipping and taxes: what is true wherever a parcel goes. */
import { formatMoney } from "../src/domain/money.ts";
import type { Rates } from "../src/domain/rates.ts";
import type { ShippingMethod, ShippingZone } from "../src/domain/shipping.ts";

/** The zone that pages without an address speak of: the merchant's first. Null where nothing is shipped. */
export function mainZone({ zones }: Pick<Rates, "zones">): ShippingZone | null {
  return zones[0] ?? null;
}

export interface ShippingPromise {
  readonly title: string;
  readonly text: string;
}

export function shippingPromise(rates: Rates): ShippingPromise {
  const taxes = arePricesFinal(rates) ? " The price you see is the price you pay, tax included." : "";
  const free = methodInEveryZone(rates, ({ amountMinor }) => amountMinor === 0);
  if (free !== null)
    return {
      title: `Free ${free.name.toLowerCase()} shipping`,
      text: `On every order, with no minimum.${taxes}`,
    };
  const [from] = mainZone(rates)?.methods.flatMap(freeFrom) ?? [];
  if (from !== undefined && rates.zones.length === 1)
    return { title: `Free shipping from ${from}`, text: `On every order from ${from}.${taxes}` };
  return { title: "Delivery you can plan", text: `See prices and dates before you pay.${taxes}` };
}

/** Whether no tax is added to a price anywhere. */
export function arePricesFinal({ taxes }: Pick<Rates, "taxes">): boolean {
  return taxes.every(({ included }) => included);
}

/** `Free`, `$19.00`, or `$7.00, free from $500.00`. */
export function shippingPriceText({ amountMinor, freeFromMinor, currency }: ShippingMethod): string {
  if (amountMinor === 0) return "Free";
  const price = formatMoney({ amount: amountMinor, currency });
  if (freeFromMinor === null) return price;
  return `${price}, free from ${formatMoney({ amount: freeFromMinor, currency })}`;
}

function methodInEveryZone(
  { zones }: Rates,
  isSuch: (method: ShippingMethod) => boolean,
): ShippingMethod | null {
  const found = zones.map(({ methods }) => methods.find(isSuch));
  const [first] = found;
  return first !== undefined && found.every((method) => method?.name === first.name) ? first : null;
}

function freeFrom({ freeFromMinor, currency }: ShippingMethod): string[] {
  return freeFromMinor === null ? [] : [formatMoney({ amount: freeFromMinor, currency })];
}
