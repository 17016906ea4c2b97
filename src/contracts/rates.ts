/** Shapes of the merchant's rates, as they are kept in copies and as the ops API takes them. */
import * as z from "zod";
import { COUNTRIES_KNOWN } from "../domain/countries.ts";
import { isRegionCode } from "../domain/region-codes.ts";
import { MAX_METHODS_PER_ZONE, METHOD_CODE } from "../domain/shipping.ts";
import { MAX_RATES_PER_PLACE, ratesAt } from "../domain/tax.ts";
import { singleLine } from "./text.ts";

const MAX_ZONES = 50;
/** Every rate rides along in the root of the catalog's copies, so their number is bounded. */
const MAX_TAX_RATES = 300;
/** Longer than any parcel is on its way. */
const MAX_DAYS = 90;

const Country = z.enum(COUNTRIES_KNOWN, "must be a country whose addresses the store can write");
const Name = singleLine({ max: 60 });
const Currency = z.string().regex(/^[A-Z]{3}$/, "must be an ISO 4217 code");
const AmountMinor = z.int().nonnegative().max(99_999_999);

export const ShippingMethodView = z
  .strictObject({
    code: z.string().regex(METHOD_CODE, "must be a lower-case code"),
    name: Name,
    /** Per order, minor units. */
    amountMinor: AmountMinor,
    /** From this subtotal on it is free, minor units; null where it never is. */
    freeFromMinor: AmountMinor.nullable(),
    currency: Currency,
    /** Business days on the way. */
    leastDays: z.int().min(1).max(MAX_DAYS),
    mostDays: z.int().min(1).max(MAX_DAYS),
  })
  .refine(({ leastDays, mostDays }) => mostDays >= leastDays, {
    path: ["mostDays"],
    message: "must not be less than leastDays",
  });

export const ShippingZoneView = z.strictObject({
  code: z.string().regex(METHOD_CODE, "must be a lower-case code"),
  name: Name,
  countries: z.array(Country).max(COUNTRIES_KNOWN.length),
  methods: z
    .array(ShippingMethodView)
    .max(MAX_METHODS_PER_ZONE)
    .refine((methods) => isDistinct(methods.map(({ code }) => code)), "a code may appear once"),
});

export const ShippingZones = z
  .array(ShippingZoneView)
  .max(MAX_ZONES)
  .refine((zones) => isDistinct(zones.map(({ code }) => code)), "a code may appear once")
  .refine(
    (zones) => isDistinct(zones.flatMap(({ countries }) => countries)),
    "a country may be in one zone only",
  );

export const TaxRateView = z
  .strictObject({
    country: Country,
    /** A state or province by its code; empty for the whole country. */
    region: z.string().max(3),
    name: Name,
    /** Hundredths of a percent: 1900 is 19%. */
    basisPoints: z.int().min(0).max(10_000),
    /** Whether prices contain it; else it is added to them. */
    included: z.boolean(),
    onShipping: z.boolean(),
  })
  .refine(({ country, region }) => region === "" || isRegionCode(country, region), {
    path: ["region"],
    message: "must be the code of a state or province of AU, CA or US, or empty",
  });

export const TaxRates = z
  .array(TaxRateView)
  .max(MAX_TAX_RATES)
  .refine(
    (rates) => isDistinct(rates.map(({ country, region, name }) => `${country} ${region} ${name}`)),
    "a name may appear once for each country and region",
  )
  .refine(
    (rates) => rates.every((rate) => ratesAt(rates, rate).length <= MAX_RATES_PER_PLACE),
    `no place may have more than ${MAX_RATES_PER_PLACE} rates`,
  );

/** As copies keep them: what Postgres holds was judged when it was written, and one odd row must not close the store. */
export const KeptRates = z.object({
  revision: z.int().nonnegative(),
  zones: z
    .array(
      z.object({
        code: z.string(),
        name: z.string(),
        countries: z.array(z.string()).readonly(),
        methods: z
          .array(
            z.object({
              code: z.string(),
              name: z.string(),
              amountMinor: z.int().nonnegative(),
              freeFromMinor: z.int().nonnegative().nullable(),
              currency: z.string(),
              leastDays: z.int(),
              mostDays: z.int(),
            }),
          )
          .readonly(),
      }),
    )
    .readonly(),
  taxes: z
    .array(
      z.object({
        country: z.string(),
        region: z.string(),
        name: z.string(),
        basisPoints: z.int().nonnegative(),
        included: z.boolean(),
        onShipping: z.boolean(),
      }),
    )
    .readonly(),
});

function isDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
