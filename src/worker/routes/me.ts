/** What somebody signed in keeps here, over the API: their name, addresses and orders; taking it all away, and leaving. */
import type { SignedIn } from "../../adapters/accounts/accounts.ts";
import { findOwnOrders } from "../../adapters/postgres/order-history.ts";
import {
  addAddress,
  listAddresses,
  readAddress,
  readPerson,
  removeAddress,
  type Person,
} from "../../adapters/postgres/profiles.ts";
import {
  AddressBody,
  AddressPatch,
  MAX_ADDRESSES,
  MAX_HISTORY_QUERY_LENGTH,
  MeBody,
  type Address,
  type AddressList,
  type Me,
  type OwnOrderList,
} from "../../contracts/profile.ts";
import { orderOwner } from "../accounts/order-owner.ts";
import { originOf } from "../accounts/session.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";
import { problem } from "../middleware/problem.ts";
import { limitReads } from "../middleware/read-limit.ts";
import { readJson, refuseBody } from "../middleware/request-body.ts";
import { changeAddress } from "../profile/addresses.ts";
import { exportFile } from "../profile/export-file.ts";
import { ownOrderView } from "../profile/own-order-view.ts";
import { removePerson } from "../profile/removal.ts";
import { rename } from "../profile/rename.ts";
import { forSignedIn } from "../profile/signed-in.ts";
import { forgetShopperAndSession } from "../profile/signed-out.ts";
import { UNKNOWN_CURSOR, pageOf } from "./page-of.ts";
import { pathParameter, register, type App } from "./register.ts";

export function registerMe(app: App): void {
  register(app, "getMe", forSignedIn(getMe), limitReads);
  register(app, "updateMe", forSignedIn(updateMe), limitReads);
  register(app, "deleteMe", deleteMe, limitReads);
  register(app, "exportMe", forSignedIn(exportFile), limitReads);
  register(app, "listAddresses", forSignedIn(getAddresses), limitReads);
  register(app, "addAddress", forSignedIn(postAddress), limitReads);
  register(app, "updateAddress", forSignedIn(patchAddress), limitReads);
  register(app, "removeAddress", forSignedIn(deleteAddress), limitReads);
  register(app, "listOwnOrders", forSignedIn(listOrders), limitReads);
}

async function getMe(c: AppContext, { userId }: SignedIn): Promise<Response> {
  const person = await readPerson(servicesOf(c.env).database, userId);
  return person === null ? problem(c, "unauthorised") : c.json(meOf(person));
}

async function updateMe(c: AppContext, { userId }: SignedIn): Promise<Response> {
  const body = await readJson(c.req.raw, MeBody);
  if (!body.ok) return refuseBody(c, body);
  if (!(await rename(c, userId, body.value.name))) return problem(c, "unauthorised");
  const person = await readPerson(servicesOf(c.env).database, userId);
  return person === null ? problem(c, "unauthorised") : c.json(meOf(person));
}

function meOf({ createdAt, ...person }: Person): Me {
  return { ...person, createdAt: createdAt.toISOString() };
}

async function deleteMe(c: AppContext): Promise<Response> {
  const recent = await servicesOf(c.env).accounts(originOf(c)).recentSession(c.req.raw.headers);
  if (!recent.ok) return problem(c, recent.reason);
  await removePerson(c, recent.signedIn);
  forgetShopperAndSession(c);
  return c.body(null, 204, { "cache-control": "no-store" });
}

async function getAddresses(c: AppContext, { userId }: SignedIn): Promise<Response> {
  const items = await listAddresses(servicesOf(c.env).database, userId);
  return c.json({ items, nextCursor: null } satisfies AddressList);
}

async function postAddress(c: AppContext, { userId }: SignedIn): Promise<Response> {
  const body = await readJson(c.req.raw, AddressBody);
  if (!body.ok) return refuseBody(c, body);
  const { database } = servicesOf(c.env);
  const added = await addAddress(database, userId, body.value);
  if (added.ok) {
    const address = await readAddress(database, userId, added.id);
    // Taken away again by another request in between.
    if (address === null) return problem(c, "not_found");
    return c.json(address satisfies Address, 201);
  }
  if (added.reason === "no_account") return problem(c, "unauthorised");
  return problem(c, "validation_failed", {
    detail: `An account has at most ${String(MAX_ADDRESSES)} addresses.`,
  });
}

async function patchAddress(c: AppContext, { userId }: SignedIn): Promise<Response> {
  const body = await readJson(c.req.raw, AddressPatch);
  if (!body.ok) return refuseBody(c, body);
  const changed = await changeAddress(servicesOf(c.env).database, userId, pathParameter(c, "id"), body.value);
  if (changed.ok) return c.json(changed.address satisfies Address);
  return changed.reason === "not_found"
    ? problem(c, "not_found")
    : problem(c, "validation_failed", { errors: changed.errors });
}

async function deleteAddress(c: AppContext, { userId }: SignedIn): Promise<Response> {
  const isGone = await removeAddress(servicesOf(c.env).database, userId, pathParameter(c, "id"));
  return isGone ? c.body(null, 204) : problem(c, "not_found");
}

async function listOrders(c: AppContext, who: SignedIn): Promise<Response> {
  const page = pageOf(c);
  if (!page.ok) return problem(c, "validation_failed", { errors: page.errors });
  const query = c.req.query("query") ?? "";
  if (query.length > MAX_HISTORY_QUERY_LENGTH) {
    return problem(c, "validation_failed", { errors: [{ path: "query", message: "is too long" }] });
  }
  const { limit, cursor } = page;
  const found = await findOwnOrders(servicesOf(c.env).database, orderOwner(who), { query, limit, cursor });
  if (!found.ok) return problem(c, "validation_failed", { errors: UNKNOWN_CURSOR });
  return c.json({
    items: found.items.map(ownOrderView),
    nextCursor: found.nextCursor,
  } satisfies OwnOrderList);
}
