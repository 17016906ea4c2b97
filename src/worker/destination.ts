/** Where a shopper's parcel goes, as far as it is known: typed, else where the request comes from. */
import { countriesServed, isServed, type Rates } from "../domain/rates.ts";
import type { AppContext } from "./app-env.ts";

/** Most orders go there. */
const USUAL_COUNTRY = "US";

/** A country the store ships to: the request's own where that is one. ISO 3166-1 alpha-2; empty where nothing is shipped. */
export function likelyCountry(c: AppContext, rates: Rates): string {
  const from = c.req.raw.cf?.country;
  const candidates = [typeof from === "string" ? from : "", USUAL_COUNTRY, ...countriesServed(rates)];
  return candidates.find((country) => isServed(rates, country)) ?? "";
}
