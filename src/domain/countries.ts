/** Where the store ships to. */

/** ISO 3166-1 alpha-2. */
export const COUNTRIES_SERVED = [
  "AT",
  "AU",
  "BE",
  "CA",
  "CH",
  "CZ",
  "DE",
  "DK",
  "EE",
  "ES",
  "FI",
  "FR",
  "GB",
  "GR",
  "HR",
  "HU",
  "IE",
  "IT",
  "JP",
  "LT",
  "LU",
  "LV",
  "NL",
  "NO",
  "NZ",
  "PL",
  "PT",
  "RO",
  "SE",
  "SG",
  "SI",
  "SK",
  "US",
] as const;
export type CountryServed = (typeof COUNTRIES_SERVED)[number];

export function isCountryServed(country: string): country is CountryServed {
  return (COUNTRIES_SERVED as readonly string[]).includes(country);
}

/** Made once, and not before it is needed: it costs far more to make than to use. */
let english: Intl.DisplayNames | null = null;

/** @param country ISO 3166-1 alpha-2; also one the store no longer ships to, as old orders may have it */
export function countryName(country: string): string {
  english ??= new Intl.DisplayNames(["en"], { type: "region" });
  return english.of(country) ?? country;
}
