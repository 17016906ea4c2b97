/** Changing an address: what is named takes the place of what was, and the whole is judged as a new one would be. */
import type { Database } from "../../adapters/postgres/connection.ts";
import { readAddress, replaceAddress } from "../../adapters/postgres/profiles.ts";
import type { FieldError } from "../../contracts/problem.ts";
import { AddressBody, type Address, type AddressPatch } from "../../contracts/profile.ts";
import { fieldErrors } from "../middleware/request-body.ts";

export type ChangedAddress =
  | { readonly ok: true; readonly address: Address }
  | { readonly ok: false; readonly reason: "not_found" }
  | { readonly ok: false; readonly reason: "invalid"; readonly errors: FieldError[] };

export async function changeAddress(
  database: Database,
  userId: string,
  id: string,
  patch: AddressPatch,
): Promise<ChangedAddress> {
  const present = await readAddress(database, userId, id);
  if (present === null) return { ok: false, reason: "not_found" };
  const { id: presentId, isDefault, ...was } = present;
  const whole = AddressBody.safeParse({ ...was, ...patch });
  if (!whole.success) return { ok: false, reason: "invalid", errors: fieldErrors(whole.error) };
  // There is always one default: it moves when another is made it, so "not this one" alone changes nothing.
  if (!(await replaceAddress(database, userId, presentId, whole.data)))
    return { ok: false, reason: "not_found" };
  const { line2 = "", region = "", ...address } = whole.data;
  return {
    ok: true,
    address: {
      ...address,
      line2,
      region,
      id: presentId,
      isDefault: isDefault || whole.data.isDefault === true,
    },
  };
}
