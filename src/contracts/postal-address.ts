/** Postal addresses: the one shape that the order API, the address book and the pages' forms judge by, and that of kept ones. */
import * as z from "zod";
import { COUNTRIES_KNOWN, type KnownCountry } from "../domain/countries.ts";
import { needsRegion } from "../domain/postal-address.ts";
import { writtenPostalCode } from "../domain/postal-code.ts";
import { singleLine } from "./text.ts";

/** The parts by themselves; what they have to be together `judgedTogether` says. */
export const postalAddressFields = {
  name: singleLine({ max: 200 }),
  line1: singleLine({ max: 200 }),
  line2: singleLine({ min: 0, max: 200 }).optional(),
  city: singleLine({ max: 100 }),
  region: singleLine({ min: 0, max: 100 }).optional(),
  /** As people type it; it is kept as the country writes it. Needed in every country but Ireland. */
  postalCode: singleLine({ min: 0, max: 20 }).optional(),
  /** ISO 3166-1 alpha-2, one that the store ships to. */
  country: z.enum(COUNTRIES_KNOWN, "must be a country this store ships to"),
};

interface AddressParts {
  readonly region?: string | undefined;
  readonly postalCode?: string | undefined;
  readonly country: KnownCountry;
}

/**
 * Judges an address as a whole: a region where mail needs it, and a postal code of its country, which is then written as the country
 * writes it (empty where there is none).
 */
export function judgedTogether<Parts extends AddressParts>(
  address: Parts,
  context: z.RefinementCtx,
): Omit<Parts, "postalCode"> & { postalCode: string } {
  const { country, region = "", postalCode: typed = "" } = address;
  const postalCode = writtenPostalCode(country, typed);
  if (postalCode === null)
    context.addIssue({
      code: "custom",
      path: ["postalCode"],
      message: "must be a postal code of the country",
    });
  if (region === "" && needsRegion(country))
    context.addIssue({ code: "custom", path: ["region"], message: "is needed in this country" });
  return { ...address, postalCode: postalCode ?? "" };
}

export const ShippingAddress = z.strictObject(postalAddressFields).transform(judgedTogether);
export type ShippingAddress = z.infer<typeof ShippingAddress>;

/** As it was judged when it was given: what is kept or under way is not judged again. */
export const keptAddressFields = {
  name: z.string(),
  line1: z.string(),
  line2: z.string().optional(),
  city: z.string(),
  region: z.string().optional(),
  postalCode: z.string(),
  country: z.string(),
};
export const KeptAddress = z.object(keptAddressFields);
export type KeptAddress = z.infer<typeof KeptAddress>;
