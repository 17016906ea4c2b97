import { describe, expect, it } from "vitest";
import { COUNTRIES_KNOWN, type KnownCountry } from "./countries.ts";
import { needsPostalCode, writtenPostalCode } from "./postal-code.ts";

/**
 * The examples (`zipex`, and `sub_zipexs` of Australia and the United States) of libaddressinput's country data, testdata/countryinfo.txt
 * of 2025-06-12, with that of Ireland from an earlier version: https://github.com/google/libaddressinput. Two are slips of the list
 * (Estonia's 1001, the letter O in RH6 OHP), and are taken all the same.
 */
const LISTED: Readonly<Record<KnownCountry, string>> = {
  AT: "1010,3741",
  AU: "2060,3171,6430,4000,4006,3001,0200,0299,2540,2600,2618,2620,2900,2999,1000,1999,2000,2999,3500,3585,3586,3644,3707,0800,0999,4000,4999,9000,9999,5000,5999,0872,7000,7999,3000,3999,8000,8999,6000,6999",
  BE: "4000,1000",
  CA: "H3Z 2Y7,V8X 3X4,T0L 1K0,T0H 1A0,K1A 0B1",
  CH: "2544,1211,1556,3030",
  CZ: "100 00,251 66,530 87,110 00,225 99",
  DE: "26133,53225",
  DK: "8660,1566",
  EE: "69501,11212,1001",
  ES: "28039,28300,28070",
  FI: "00550,00011",
  FR: "33380,34092,33506",
  GB: "EC1Y 8SY,GIR 0AA,M2 5BQ,M34 4AB,CR0 2YR,DN16 9AA,W1A 4ZZ,EC1A 1HQ,OX14 4PG,BS18 8HF,NR25 7HG,RH6 OHP,BH23 6AA,B6 5BA,RH6 0HP,SO23 9AP,PO1 3AX,BFPO 61",
  GR: "151 24,151 10,101 88",
  HR: "10000,21001,10002",
  HU: "1037,2380,1540",
  IE: "A65 F4E2",
  IT: "00144,47037,39049",
  JP: "154-0023,350-1106,951-8073,112-0001,208-0032,231-0012",
  LT: "04340,03500",
  LU: "4750,2998",
  LV: "LV-1073,LV-1000",
  NL: "1234 AB,2490 AA",
  NO: "0025,0107,6631",
  NZ: "6001,6015,6332,8252,1030",
  PL: "00-950,05-470,48-300,32-015,00-940",
  PT: "2725-079,1250-096,1201-950,2860-571,1208-148",
  RO: "060274,061357,200716",
  SE: "11455,12345,10500",
  SG: "546080,308125,408600",
  SI: "4000,1001,2500",
  SK: "010 01,023 14,972 48,921 01,975 99",
  US: "95014,22162-1010,35000,36999,99500,99999,96799,85000,71600,34000,09000,09999,96200,96699,90000,06390,00501,00544,00600,00799,73301,88500,83414",
};

/** What is typed, and how the country writes it. */
const TYPED: readonly (readonly [KnownCountry, string, string])[] = [
  ["JP", "１００－０００１", "100-0001"],
  ["JP", "〒100-0001", "100-0001"],
  ["JP", "〒１００ー０００１", "100-0001"],
  ["JP", "1000001", "100-0001"],
  ["JP", "100‐0001", "100-0001"],
  ["CH", "CH-8001", "8001"],
  ["FI", "FI-00550", "00550"],
  ["AT", "A-1010", "1010"],
  ["AT", " 1010 ", "1010"],
  ["CA", "H1A-1A1", "H1A 1A1"],
  ["CA", "k1a0b1", "K1A 0B1"],
  ["US", "62701 1234", "62701-1234"],
  ["US", "62701–1234", "62701-1234"],
  ["US", "627011234", "62701-1234"],
  ["US", "APO AE 09012", "09012"],
  ["US", "FPO AP 96349-1234", "96349-1234"],
  ["US", "AE 09012", "09012"],
  ["GB", "sw1a1aa", "SW1A 1AA"],
  ["GB", "SW1A\u00a01AA", "SW1A 1AA"],
  ["GB", "M1 1AE", "M1 1AE"],
  ["GB", "RH6 OHP", "RH6 0HP"],
  ["GB", "BFPO61", "BFPO 61"],
  ["GB", "bfpo 5701", "BFPO 5701"],
  ["DE", "D-10115", "10115"],
  ["DE", "DE 10115", "10115"],
  ["SE", "SE-11455", "114 55"],
  ["SE", "114 55", "114 55"],
  ["PL", "00950", "00-950"],
  ["PL", "PL 00—950", "00-950"],
  ["PT", "1000 001", "1000-001"],
  ["NL", "1012ab", "1012 AB"],
  ["NL", "NL-1012 AB", "1012 AB"],
  ["LU", "L-1009", "1009"],
  ["LV", "1010", "LV-1010"],
  ["LV", "lv1010", "LV-1010"],
  ["LT", "LT-04340", "04340"],
  ["SI", "SI-1000", "1000"],
  ["HR", "HR 10000", "10000"],
  ["HU", "H-1037", "1037"],
  ["NO", "N-0025", "0025"],
  ["DK", "DK-8660", "8660"],
  ["BE", "B-1000", "1000"],
  ["FR", "F-75001", "75001"],
  ["FR", "75 001", "75001"],
  ["IT", "I-00144", "00144"],
  ["ES", "E-28039", "28039"],
  ["GR", "GR-151 24", "151 24"],
  ["CZ", "CZ-11000", "110 00"],
  ["SK", "SK 010 01", "010 01"],
  ["SG", "S(018956)", "018956"],
  ["SG", "Singapore 018956", "018956"],
  ["AU", "NSW 2000", "2000"],
  ["IE", "d02af30", "D02 AF30"],
  ["IE", "D6W XY00", "D6W XY00"],
  ["IE", "", ""],
  ["IE", " ", ""],
];

const WRONG: readonly (readonly [KnownCountry, string])[] = [
  ["US", "ABC"],
  ["US", "6270"],
  ["US", "SW1A 1AA"],
  ["US", "62701-123"],
  ["US", "XX 62701"],
  ["US", ""],
  ["DE", "123"],
  ["DE", "1011"],
  ["DE", "CH-8001"],
  ["DE", "-"],
  ["GB", "62701"],
  ["GB", "SW1A 1AO1"],
  ["CA", "D1A 0B1"],
  ["AT", "10115"],
  ["NL", "1012"],
  ["JP", "1000"],
  ["SG", "12345"],
  ["IE", "Dublin 4"],
];

describe("a postal code", () => {
  it.each(COUNTRIES_KNOWN)("of %s may be each one that libaddressinput lists", (country) => {
    const codes = LISTED[country].split(",");
    expect(codes.filter((code) => writtenPostalCode(country, code) === null)).toEqual([]);
  });

  it.each(TYPED)("of %s typed as %j is written %j", (country, typed, written) => {
    expect(writtenPostalCode(country, typed)).toBe(written);
  });

  it("stays as it is once it is written as the country writes it", () => {
    for (const [country, , written] of TYPED) expect(writtenPostalCode(country, written)).toBe(written);
  });

  it.each(WRONG)("of %s is not %j", (country, typed) => {
    expect(writtenPostalCode(country, typed)).toBeNull();
  });

  it("is needed everywhere but in Ireland", () => {
    expect(COUNTRIES_KNOWN.filter((country) => !needsPostalCode(country))).toEqual(["IE"]);
  });
});
