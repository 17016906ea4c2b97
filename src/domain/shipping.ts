/** Where the store ships to, how, and for how much: zones of countries, each with its own methods. Data of the merchant. Pure. */

/** One way of shipping to the countries of a zone. */
export interface ShippingMethod {
  /** What orders and forms call it, e.g. `standard`. */
  readonly code: string;
  /** What shoppers read, e.g. `Standard`. */
  readonly name: string;
  /** Per order, minor units. */
  readonly amountMinor: number;
  /** From this subtotal on it is free, minor units; null where it never is. */
  readonly freeFromMinor: number | null;
  /** ISO 4217: only orders in this currency are offered it. */
  readonly currency: string;
  /** Business days on the way, from the day of dispatch on. */
  readonly leastDays: number;
  readonly mostDays: number;
}

/** Countries that are shipped to by the same methods at the same prices. */
export interface ShippingZone {
  readonly code: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2; a country is in one zone at most. */
  readonly countries: readonly string[];
  /** In the order in which shoppers are offered them. */
  readonly methods: readonly ShippingMethod[];
}

export const METHOD_CODE = /^[a-z][a-z0-9_-]{0,39}$/;
/** The checkout's style sheet shows the totals of one of at most this many methods. */
export const MAX_METHODS_PER_ZONE = 6;

function zoneOf(zones: readonly ShippingZone[], country: string): ShippingZone | null {
  return zones.find(({ countries }) => countries.includes(country)) ?? null;
}

/** The methods a shopper may choose from; none where the store does not ship to the country. */
export function methodsTo(
  zones: readonly ShippingZone[],
  country: string,
  currency: string,
): readonly ShippingMethod[] {
  return (zoneOf(zones, country)?.methods ?? []).filter((method) => method.currency === currency);
}

/** What shipping an order costs, minor units. @param subtotal minor units */
export function shippingAmount(
  { amountMinor, freeFromMinor }: Pick<ShippingMethod, "amountMinor" | "freeFromMinor">,
  subtotal: number,
): number {
  return freeFromMinor !== null && subtotal >= freeFromMinor ? 0 : amountMinor;
}

/** The cheapest method, for an estimate; the first among equals. Null where there is none. */
export function cheapestMethod(methods: readonly ShippingMethod[], subtotal: number): ShippingMethod | null {
  return methods.reduce<ShippingMethod | null>(
    (best, method) =>
      best === null || shippingAmount(method, subtotal) < shippingAmount(best, subtotal) ? method : best,
    null,
  );
}
