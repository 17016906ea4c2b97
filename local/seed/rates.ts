/** The rates of the seed store: every known country at the same two methods, and taxes that its prices include. */
import { COUNTRIES_KNOWN } from "../../src/domain/countries.ts";
import type { Rates } from "../../src/domain/rates.ts";
import type { ShippingMethod } from "../../src/domain/shipping.ts";
import type { TaxRate } from "../../src/domain/tax.ts";
import { CURRENCY } from "./seed-product.ts";

const METHODS: readonly ShippingMethod[] = [
  {
    code: "standard",
    name: "Standard",
    amountMinor: 0,
    freeFromMinor: null,
    currency: CURRENCY,
    leastDays: 3,
    mostDays: 5,
  },
  {
    code: "express",
    name: "Express",
    amountMinor: 1900,
    freeFromMinor: null,
    currency: CURRENCY,
    leastDays: 1,
    mostDays: 2,
  },
];

/** The standard rate of each country, in basis points. In the United States prices are final: the store owes no sales tax there. */
const INCLUDED: readonly (readonly [country: string, name: string, basisPoints: number])[] = [
  ["AT", "VAT", 2000],
  ["AU", "GST", 1000],
  ["BE", "VAT", 2100],
  ["CA", "GST", 500],
  ["CH", "VAT", 810],
  ["CZ", "VAT", 2100],
  ["DE", "VAT", 1900],
  ["DK", "VAT", 2500],
  ["EE", "VAT", 2400],
  ["ES", "VAT", 2100],
  ["FI", "VAT", 2550],
  ["FR", "VAT", 2000],
  ["GB", "VAT", 2000],
  ["GR", "VAT", 2400],
  ["HR", "VAT", 2500],
  ["HU", "VAT", 2700],
  ["IE", "VAT", 2300],
  ["IT", "VAT", 2200],
  ["JP", "Consumption tax", 1000],
  ["LT", "VAT", 2100],
  ["LU", "VAT", 1700],
  ["LV", "VAT", 2100],
  ["NL", "VAT", 2100],
  ["NO", "VAT", 2500],
  ["NZ", "GST", 1500],
  ["PL", "VAT", 2300],
  ["PT", "VAT", 2300],
  ["RO", "VAT", 2100],
  ["SE", "VAT", 2500],
  ["SG", "GST", 900],
  ["SI", "VAT", 2200],
  ["SK", "VAT", 2300],
];

export const SEED_RATES: Omit<Rates, "revision"> = {
  zones: [{ code: "everywhere", name: "Everywhere", countries: COUNTRIES_KNOWN, methods: METHODS }],
  taxes: INCLUDED.map(([country, name, basisPoints]): TaxRate => ({
    country,
    region: "",
    name,
    basisPoints,
    included: true,
    onShipping: true,
  })),
};
