/** What the parts of an address are called where it lies: for server and browser. Pure. */

export interface AddressWords {
  /** Within a sentence: `ZIP code`, `postcode`. */
  readonly postalCode: string;
  /** Within a sentence: `state`, `county`. */
  readonly region: string;
  /** Postal codes are digits alone, so a phone may show its digits first. */
  readonly digitsOnly: boolean;
}

const USUAL: AddressWords = { postalCode: "postal code", region: "region", digitsOnly: true };

const BY_COUNTRY: Readonly<Record<string, Partial<AddressWords>>> = {
  AU: { postalCode: "postcode", region: "state or territory" },
  CA: { region: "province or territory", digitsOnly: false },
  CH: { region: "canton" },
  CZ: { digitsOnly: false },
  ES: { region: "province" },
  GB: { postalCode: "postcode", region: "county", digitsOnly: false },
  GR: { digitsOnly: false },
  IE: { postalCode: "Eircode", region: "county", digitsOnly: false },
  IT: { region: "province" },
  JP: { region: "prefecture", digitsOnly: false },
  LT: { digitsOnly: false },
  LU: { digitsOnly: false },
  LV: { digitsOnly: false },
  NL: { digitsOnly: false },
  NZ: { postalCode: "postcode" },
  PL: { digitsOnly: false },
  PT: { digitsOnly: false },
  RO: { region: "county" },
  SE: { digitsOnly: false },
  SK: { digitsOnly: false },
  US: { postalCode: "ZIP code", region: "state" },
};

/** @param country ISO 3166-1 alpha-2; one nobody knows gets the usual words */
export function addressWords(country: string): AddressWords {
  return { ...USUAL, ...BY_COUNTRY[country] };
}

/** As a label: with a capital. */
export function asLabel(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
