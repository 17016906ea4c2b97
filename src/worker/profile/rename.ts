/** What somebody is greeted by: one way to change it, for the API and for the page. */
import { readPerson } from "../../adapters/postgres/profiles.ts";
import { originOf } from "../accounts/session.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";

/**
 * Gives whoever is signed in another name; the cookies that say so go out with the answer.
 *
 * @param name as the contract judged it
 * @returns false where the account is gone, though a cookie still speaks of it
 * @throws what the stores behind accounts throw
 */
export async function rename(c: AppContext, userId: string, name: string): Promise<boolean> {
  const services = servicesOf(c.env);
  if ((await readPerson(services.database, userId)) === null) return false;
  const renamed = await services.accounts(originOf(c)).rename(c.req.raw.headers, name);
  for (const cookie of renamed.getSetCookie()) c.header("set-cookie", cookie, { append: true });
  return true;
}
