/**
 * Postal codes of the countries served: from what people type to what the country writes. Formats and examples are those of the
 * Universal Postal Union and of libaddressinput (https://github.com/google/libaddressinput). Pure.
 */
import type { KnownCountry } from "./countries.ts";
import { compactCode } from "./typed-code.ts";

interface Rule {
  /** Of the code in capitals without separators. Its groups are the code's parts; a prefix before them is left out. */
  readonly pattern: RegExp;
  /** The parts as the country writes them. */
  readonly write: (parts: readonly string[]) => string;
  /** Mail arrives without one. */
  readonly optional?: true;
}

const joined = (parts: readonly string[]) => parts.join("");
const spaced = (parts: readonly string[]) => parts.join(" ");
const hyphened = (parts: readonly string[]) => parts.join("-");

/** @param prefixes separated by `|`: the country's code on vehicles and in ISO 3166, which senders abroad put before the code */
const digits = (count: number, prefixes: string): Rule => ({
  pattern: new RegExp(`^(?:${prefixes})?(\\d{${count}})$`),
  write: joined,
});
const threeAndTwo = (prefixes: string): Rule => ({
  pattern: new RegExp(`^(?:${prefixes})?(\\d{3})(\\d{2})$`),
  write: spaced,
});

const RULES: Readonly<Record<KnownCountry, Rule>> = {
  AT: digits(4, "A|AT"),
  AU: digits(4, "AU|ACT|NSW|NT|QLD|SA|TAS|VIC|WA"),
  BE: digits(4, "B|BE"),
  CA: {
    pattern: /^(?:CA)?([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z])(\d[ABCEGHJ-NPRSTV-Z]\d)$/,
    write: spaced,
  },
  CH: digits(4, "CH"),
  CZ: threeAndTwo("CZ"),
  DE: digits(5, "D|DE"),
  DK: digits(4, "DK"),
  // libaddressinput lists an example of four digits beside those of five.
  EE: { pattern: /^(?:EE|EST)?(\d{4,5})$/, write: joined },
  ES: digits(5, "E|ES"),
  FI: digits(5, "FI|FIN"),
  FR: digits(5, "F|FR"),
  GB: {
    pattern: /^(?:GB|UK)?(?:(GIR)([0O]AA)|(BFPO)(\d{1,4})|([A-Z]{1,2}\d[A-Z\d]?)([\dO][ABD-HJLN-UW-Z]{2}))$/,
    // The second half begins with a digit, so an O there is a zero.
    write: (parts) => spaced(parts).replace(" O", " 0"),
  },
  GR: threeAndTwo("GR|EL"),
  HR: digits(5, "HR"),
  HU: digits(4, "H|HU"),
  IE: { pattern: /^(?:IE)?([A-Z]\d[\dW])([A-Z\d]{4})$/, write: spaced, optional: true },
  IT: digits(5, "I|IT"),
  JP: { pattern: /^(?:JP)?(\d{3})(\d{4})$/, write: hyphened },
  LT: digits(5, "LT"),
  LU: digits(4, "L|LU"),
  LV: { pattern: /^(?:LV)?(\d{4})$/, write: ([code = ""]) => `LV-${code}` },
  NL: { pattern: /^(?:NL)?(\d{4})([A-Z]{2})$/, write: spaced },
  NO: digits(4, "N|NO"),
  NZ: digits(4, "NZ"),
  PL: { pattern: /^(?:PL)?(\d{2})(\d{3})$/, write: hyphened },
  PT: { pattern: /^(?:P|PT)?(\d{4})(\d{3})$/, write: hyphened },
  RO: digits(6, "RO"),
  SE: threeAndTwo("S|SE"),
  SG: digits(6, "S|SG|SINGAPORE"),
  SI: digits(4, "SI|SLO"),
  SK: threeAndTwo("SK"),
  // Before the code of an armed forces' post office stand its kind and region.
  US: { pattern: /^(?:USA?|(?:[AFD]PO)?A[AEP])?(\d{5})(\d{4})?$/, write: hyphened },
};

/**
 * The code as the country writes it, however it was typed: full-width or small letters, any or no separator, the country's own prefix.
 * Empty where there is none and the country needs none.
 *
 * @returns null for what is no postal code of the country
 */
export function writtenPostalCode(country: KnownCountry, typed: string): string | null {
  const rule = RULES[country];
  const compact = compactCode(typed);
  if (compact === "") return rule.optional === true ? "" : null;
  const match = rule.pattern.exec(compact);
  // Groups of an alternative that did not match are undefined, whatever their type says.
  const parts = match?.slice(1).filter((part: string | undefined) => part !== undefined);
  return parts === undefined ? null : rule.write(parts);
}

/** Whether an address of the country has to have a postal code. */
export function needsPostalCode(country: KnownCountry): boolean {
  return RULES[country].optional !== true;
}
