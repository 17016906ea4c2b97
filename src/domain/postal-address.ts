/**
 * What a postal address needs where it lies: how its postal code is written and whether it names a region. One rule for the
 * address book and the checkout. Pure.
 */

interface CountryRule {
  /** Of the code in capitals, single spaces within. */
  readonly postalCode: RegExp;
  /** Mail does not arrive without it. */
  readonly needsRegion?: true;
}

const FOUR = { postalCode: /^\d{4}$/ };
const FIVE = { postalCode: /^\d{5}$/ };
const SIX = { postalCode: /^\d{6}$/ };
const THREE_AND_TWO = { postalCode: /^\d{3} ?\d{2}$/ };

/** The countries the store ships to, as the Universal Postal Union has them. Of others nothing is known, so nothing refused. */
const RULES: Readonly<Record<string, CountryRule>> = {
  AT: FOUR,
  AU: { ...FOUR, needsRegion: true },
  BE: FOUR,
  CA: { postalCode: /^[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d$/, needsRegion: true },
  CH: FOUR,
  CZ: THREE_AND_TWO,
  DE: FIVE,
  DK: FOUR,
  EE: FIVE,
  ES: FIVE,
  FI: FIVE,
  FR: FIVE,
  GB: { postalCode: /^(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})$/ },
  GR: THREE_AND_TWO,
  HR: FIVE,
  HU: FOUR,
  IE: { postalCode: /^[A-Z]\d[\dW] ?[A-Z\d]{4}$/ },
  IT: FIVE,
  JP: { postalCode: /^\d{3}-?\d{4}$/, needsRegion: true },
  LT: { postalCode: /^(?:LT-?)?\d{5}$/ },
  LU: { postalCode: /^(?:L-?)?\d{4}$/ },
  LV: { postalCode: /^(?:LV-?)?\d{4}$/ },
  NL: { postalCode: /^\d{4} ?[A-Z]{2}$/ },
  NO: FOUR,
  NZ: FOUR,
  PL: { postalCode: /^\d{2}-?\d{3}$/ },
  PT: { postalCode: /^\d{4}-?\d{3}$/ },
  RO: SIX,
  SE: THREE_AND_TWO,
  SG: SIX,
  SI: { postalCode: /^(?:SI-?)?\d{4}$/ },
  SK: THREE_AND_TWO,
  US: { postalCode: /^\d{5}(?:-?\d{4})?$/, needsRegion: true },
};

/** Whether the postal code is written as the country writes them, in any case; true where nothing is known of the country. */
export function isPostalCodeOf(country: string, postalCode: string): boolean {
  const rule = ruleOf(country);
  return rule === null || rule.postalCode.test(postalCode.trim().replace(/\s+/g, " ").toUpperCase());
}

/** Whether an address of the country has to name its state, province or prefecture. */
export function needsRegion(country: string): boolean {
  return ruleOf(country)?.needsRegion === true;
}

function ruleOf(country: string): CountryRule | null {
  return Object.hasOwn(RULES, country) ? (RULES[country] ?? null) : null;
}
