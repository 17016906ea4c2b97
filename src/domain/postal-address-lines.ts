/** How each known country writes an address on a parcel. Pure. */
import { countryName, isCountryKnown, type KnownCountry } from "./countries.ts";
import type { PostalAddress } from "./postal-address.ts";

type Part = (address: PostalAddress) => string;

const code: Part = ({ postalCode }) => postalCode;
const town: Part = ({ city }) => city;
const region: Part = (address) => address.region ?? "";
const street: readonly Part[] = [({ line1 }) => line1, ({ line2 }) => line2 ?? ""];
const recipient: Part = ({ name }) => name;

/** What of an address there is, in order. */
const row =
  (separator: string, ...parts: readonly Part[]): Part =>
  (address) =>
    parts
      .map((part) => part(address))
      .filter((text) => text !== "")
      .join(separator);

/** Before the code in mail from abroad. */
const prefixed =
  (prefix: string): Part =>
  ({ postalCode }) =>
    postalCode === "" ? "" : prefix + postalCode;

const usual = (...locality: readonly Part[]): readonly Part[] => [recipient, ...street, ...locality];

const CODE_TOWN = usual(row(" ", code, town));
const CODE_TOWN_REGION = usual(row(" ", code, town, region));
const PREFIXED = (prefix: string) => usual(row(" ", prefixed(prefix), town));
const TOWN_REGION_CODE = usual(row(" ", town, region, code));
const TOWN_COUNTY_CODE = usual(town, region, code);
const TOWN_CODE = usual(row(" ", town, code));

/** In the order of lines and parts that libaddressinput lists for each country (https://github.com/google/libaddressinput). */
const FORMATS: Readonly<Record<KnownCountry, readonly Part[]>> = {
  AT: CODE_TOWN,
  AU: TOWN_REGION_CODE,
  BE: CODE_TOWN,
  CA: TOWN_REGION_CODE,
  CH: PREFIXED("CH-"),
  CZ: CODE_TOWN,
  DE: CODE_TOWN,
  DK: CODE_TOWN,
  EE: CODE_TOWN,
  ES: CODE_TOWN_REGION,
  FI: PREFIXED("FI-"),
  FR: CODE_TOWN,
  GB: TOWN_COUNTY_CODE,
  GR: CODE_TOWN,
  HR: PREFIXED("HR-"),
  HU: [recipient, town, ...street, code],
  IE: TOWN_COUNTY_CODE,
  IT: CODE_TOWN_REGION,
  JP: usual(row(", ", town, region), code),
  LT: PREFIXED("LT-"),
  LU: PREFIXED("L-"),
  LV: usual(row(", ", town, code)),
  NL: CODE_TOWN,
  NO: CODE_TOWN,
  NZ: TOWN_CODE,
  PL: CODE_TOWN,
  PT: CODE_TOWN,
  RO: CODE_TOWN,
  SE: PREFIXED("SE-"),
  SG: TOWN_CODE,
  SI: PREFIXED("SI-"),
  SK: CODE_TOWN,
  US: usual(row(", ", town, row(" ", region, code))),
};

/** In Japanese writing an address goes from the large to the small, the recipient last. */
const JAPANESE: readonly Part[] = [prefixed("〒"), row("", region, town), ...street, recipient];
const JAPANESE_WRITING = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** The lines of a parcel's label, as the country orders them; the country's name, in English, is the last one. */
export function postalAddressLines(address: PostalAddress): string[] {
  const lines = formatOf(address).map((part) => part(address));
  return [...lines, countryName(address.country)].filter((line) => line !== "");
}

function formatOf({ country, city }: PostalAddress): readonly Part[] {
  if (country === "JP" && JAPANESE_WRITING.test(city)) return JAPANESE;
  return isCountryKnown(country) ? FORMATS[country] : CODE_TOWN_REGION;
}
