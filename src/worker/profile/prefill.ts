/** What the checkout knows of somebody signed in before they type: their e-mail, and where their parcels usually go. */
import { readDefaultAddress } from "../../adapters/postgres/profiles.ts";
import type { CheckoutValues } from "../../../web/components/checkout-values.ts";
import { signedInOf } from "../accounts/session.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";

/** Buying does not wait for Postgres: without an answer by then, ms, the address is typed. */
const ADDRESS_TIMEOUT_MS = 500;

/** Nothing for a guest; never fails. */
export async function prefillOf(c: AppContext): Promise<Partial<CheckoutValues>> {
  const who = await signedInOf(c);
  if (who === null) return {};
  const { email, name } = who;
  const { database, telemetry } = servicesOf(c.env);
  const found = readDefaultAddress(database, who.userId).catch((fault: unknown) => {
    telemetry.fault("checkout.address_unknown", fault, { requestId: c.get("requestId") });
    return null;
  });
  const address = await Promise.race([found, scheduler.wait(ADDRESS_TIMEOUT_MS).then(() => null)]);
  if (address === null) return { email, name };
  const { line1, line2, city, region, postalCode, country } = address;
  return { email, name: address.name, line1, line2, city, region, postalCode, country };
}
