/**
 * States, provinces and territories by the codes that mail uses, for countries whose taxes may depend on them. People type the code or
 * the name. Pure.
 */

type Regions = Readonly<Record<string, string>>;

const US: Regions = {
  AL: "Alabama",
  AK: "Alaska",
  AZ: "Arizona",
  AR: "Arkansas",
  CA: "California",
  CO: "Colorado",
  CT: "Connecticut",
  DE: "Delaware",
  DC: "District of Columbia",
  FL: "Florida",
  GA: "Georgia",
  HI: "Hawaii",
  ID: "Idaho",
  IL: "Illinois",
  IN: "Indiana",
  IA: "Iowa",
  KS: "Kansas",
  KY: "Kentucky",
  LA: "Louisiana",
  ME: "Maine",
  MD: "Maryland",
  MA: "Massachusetts",
  MI: "Michigan",
  MN: "Minnesota",
  MS: "Mississippi",
  MO: "Missouri",
  MT: "Montana",
  NE: "Nebraska",
  NV: "Nevada",
  NH: "New Hampshire",
  NJ: "New Jersey",
  NM: "New Mexico",
  NY: "New York",
  NC: "North Carolina",
  ND: "North Dakota",
  OH: "Ohio",
  OK: "Oklahoma",
  OR: "Oregon",
  PA: "Pennsylvania",
  RI: "Rhode Island",
  SC: "South Carolina",
  SD: "South Dakota",
  TN: "Tennessee",
  TX: "Texas",
  UT: "Utah",
  VT: "Vermont",
  VA: "Virginia",
  WA: "Washington",
  WV: "West Virginia",
  WI: "Wisconsin",
  WY: "Wyoming",
  AS: "American Samoa",
  GU: "Guam",
  MP: "Northern Mariana Islands",
  PR: "Puerto Rico",
  VI: "Virgin Islands",
  AA: "Armed Forces Americas",
  AE: "Armed Forces Europe",
  AP: "Armed Forces Pacific",
};

const CA: Regions = {
  AB: "Alberta",
  BC: "British Columbia",
  MB: "Manitoba",
  NB: "New Brunswick",
  NL: "Newfoundland and Labrador",
  NS: "Nova Scotia",
  NT: "Northwest Territories",
  NU: "Nunavut",
  ON: "Ontario",
  PE: "Prince Edward Island",
  QC: "Quebec",
  SK: "Saskatchewan",
  YT: "Yukon",
};

const AU: Regions = {
  ACT: "Australian Capital Territory",
  NSW: "New South Wales",
  NT: "Northern Territory",
  QLD: "Queensland",
  SA: "South Australia",
  TAS: "Tasmania",
  VIC: "Victoria",
  WA: "Western Australia",
};

const BY_COUNTRY: Readonly<Record<string, Regions>> = { AU, CA, US };

export function isRegionCode(country: string, code: string): boolean {
  return Object.hasOwn(regionsOf(country), code);
}

/**
 * The code of a region as it was typed: its code or its whole name, in any case.
 *
 * @returns null for what is no region of the country, and for countries whose regions have no codes here
 */
export function regionCode(country: string, typed: string): string | null {
  const key = comparable(typed);
  if (key === "") return null;
  for (const [code, name] of Object.entries(regionsOf(country))) {
    if (comparable(code) === key || comparable(name) === key) return code;
  }
  return null;
}

function regionsOf(country: string): Regions {
  return (Object.hasOwn(BY_COUNTRY, country) ? BY_COUNTRY[country] : undefined) ?? {};
}

/** Letters alone, without accents: `Québec`, `N.S.W.` and `new  york` are what they mean. */
function comparable(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z]/g, "");
}
