/** What the checkout knows of somebody signed in before they type: their e-mail, and where their parcels usually go. */
import type { Database } from "../../adapters/postgres/connection.ts";
import { readDefaultAddress } from "../../adapters/postgres/profiles.ts";
import type { Address } from "../../contracts/profile.ts";
import type { CheckoutValues } from "../../../web/components/checkout-values.ts";
import { originOf, signedInOf } from "../accounts/session.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";

/** Buying does not wait for Postgres: without an answer by then, ms, the address is typed. */
const ADDRESS_TIMEOUT_MS = 500;

/** An address is shown only where the session is on record: a cookie's copy may outlive it. */
async function addressOf(c: AppContext, database: Database): Promise<Address | null> {
  const { signedIn } = await servicesOf(c.env).accounts(originOf(c)).recordedSession(c.req.raw.headers);
  return signedIn === null ? null : await readDefaultAddress(database, signedIn.userId);
}

/** Nothing for a guest; never fails. */
export async function prefillOf(c: AppContext): Promise<Partial<CheckoutValues>> {
  const who = await signedInOf(c);
  if (who === null) return {};
  const { email, name } = who;
  const { database, telemetry } = servicesOf(c.env);
  const found = addressOf(c, database).catch((fault: unknown) => {
    telemetry.fault("checkout.address_unknown", fault, { requestId: c.get("requestId") });
    return null;
  });
  const address = await Promise.race([found, scheduler.wait(ADDRESS_TIMEOUT_MS).then(() => null)]);
  if (address === null) return { email, name };
  const { line1, line2, city, region, postalCode, country } = address;
  return { email, name: address.name, line1, line2, city, region, postalCode, country };
}
