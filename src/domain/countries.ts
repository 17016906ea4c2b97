/** The countries whose addresses the store knows how to write. Which of them it ships to, the shipping zones say (shipping.ts). */

/** ISO 3166-1 alpha-2. */
export const COUNTRIES_KNOWN = [
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
export type KnownCountry = (typeof COUNTRIES_KNOWN)[number];

export function isCountryKnown(country: string): country is KnownCountry {
  return (COUNTRIES_KNOWN as readonly string[]).includes(country);
}

/** Made once, and not before it is needed: it costs far more to make than to use. */
let english: Intl.DisplayNames | null = null;

/** @param country ISO 3166-1 alpha-2; also one the store no longer ships to, as old orders may have it */
export function countryName(country: string): string {
  english ??= new Intl.DisplayNames(["en"], { type: "region" });
  return english.of(country) ?? country;
}
