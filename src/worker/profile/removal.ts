/**
 * Removes a person, on their own wish: what takes rights away comes first and must succeed, so that nothing falls open; what is
 * left of them in orders goes as each order lets go of it, now or by the cron.
 */
import { waitUntil } from "cloudflare:workers";
import type { SignedIn } from "../../adapters/accounts/accounts.ts";
import { removeAccount, sessionTokensOf } from "../../adapters/postgres/account-removal.ts";
import { accountCartId } from "../../adapters/signing/index.ts";
import { originOf } from "../accounts/session.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";
import { erasePersons } from "../scheduled/erase-persons.ts";
import { personErasure } from "../scheduled/compose.ts";

/**
 * @param who signed in within the last hour, as the stores of sessions say
 * @throws what Redis or Postgres threw; then nothing is removed, or asking again finishes it
 */
export async function removePerson(c: AppContext, who: SignedIn): Promise<void> {
  const services = servicesOf(c.env);
  const { database, signing, telemetry } = services;
  const accounts = services.accounts(originOf(c));
  const tokens = await sessionTokensOf(database, who.userId);
  await accounts.dropCachedSessions(who.userId, tokens);
  await removeAccount(database, who.userId, Date.now());
  // One that was read meanwhile was cached anew.
  await accounts.dropCachedSessions(who.userId, tokens);
  await c.env.CART.getByName(accountCartId(signing, who.userId)).forget();
  telemetry.log("info", "account.removed");
  waitUntil(
    erasePersons(personErasure(c.env, services)).catch((fault: unknown) => {
      telemetry.fault("account.erasure_deferred", fault);
    }),
  );
}
