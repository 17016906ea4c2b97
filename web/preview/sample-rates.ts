/** Made-up rates for previews and for tests of pages. */
import { COUNTRIES_KNOWN } from "../../src/domain/countries.ts";
import type { Rates } from "../../src/domain/rates.ts";

export const SAMPLE_RATES: Rates = {
  revision: 1,
  zones: [
    {
      code: "everywhere",
      name: "Everywhere",
      countries: COUNTRIES_KNOWN,
      methods: [
        {
          code: "standard",
          name: "Standard",
          amountMinor: 0,
          freeFromMinor: null,
          currency: "USD",
          leastDays: 3,
          mostDays: 5,
        },
        {
          code: "express",
          name: "Express",
          amountMinor: 1900,
          freeFromMinor: null,
          currency: "USD",
          leastDays: 1,
          mostDays: 2,
        },
      ],
    },
  ],
  taxes: [{ country: "DE", region: "", name: "VAT", basisPoints: 1900, included: true, onShipping: true }],
};
