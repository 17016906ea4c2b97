/** A postal address, and whether it has to name a region. Pure. */
import type { KnownCountry } from "./countries.ts";

export interface PostalAddress {
  readonly name: string;
  readonly line1: string;
  readonly line2?: string | undefined;
  readonly city: string;
  readonly region?: string | undefined;
  /** Empty where the country needs none. */
  readonly postalCode: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** Mail does not arrive without a state, province or prefecture. */
const NEED_REGION: readonly KnownCountry[] = ["AU", "CA", "JP", "US"];

export function needsRegion(country: KnownCountry): boolean {
  return NEED_REGION.includes(country);
}
