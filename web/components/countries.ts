/** Where the store ships to. */

const SHIPPING_COUNTRIES = [
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

export interface Country {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  readonly name: string;
}

export function shipsTo(country: string): boolean {
  return SHIPPING_COUNTRIES.some((code) => code === country);
}

/** The countries by name, the one most orders go to first. */
export function shippingCountries(): Country[] {
  const names = new Intl.DisplayNames(["en"], { type: "region" });
  const countries = SHIPPING_COUNTRIES.map((code) => ({ code, name: names.of(code) ?? code }));
  const rank = (country: Country) => (country.code === "US" ? 0 : 1);
  return countries.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, "en"));
}

/** A country as it is named on an address; its code where nobody knows it. */
export function countryName(code: string): string {
  return new Intl.DisplayNames(["en"], { type: "region" }).of(code) ?? code;
}
