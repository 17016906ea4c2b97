/** The countries that the store ships to, by name, for pages. */
import { countryName } from "../../src/domain/countries.ts";

export interface Country {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  readonly name: string;
}

/**
 * The countries by name, the one most orders go to first.
 *
 * @param codes ISO 3166-1 alpha-2
 */
export function shippingCountries(codes: readonly string[]): Country[] {
  const countries = codes.map((code) => ({ code, name: countryName(code) }));
  const rank = (country: Country) => (country.code === "US" ? 0 : 1);
  return countries.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, "en"));
}
