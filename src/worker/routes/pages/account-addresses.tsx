/** The addresses of an account by pages: the list, and the form that adds or changes one. */
import type { SignedIn } from "../../../adapters/accounts/accounts.ts";
import {
  addAddress,
  listAddresses,
  readAddress,
  removeAddress,
  replaceAddress,
} from "../../../adapters/postgres/profiles.ts";
import { AddressBody } from "../../../contracts/profile.ts";
import type { FieldError } from "../../../contracts/problem.ts";
import { EMPTY_CHECKOUT } from "../../../../web/components/checkout-values.ts";
import { isProfileMessage, type ProfileMessage } from "../../../../web/components/profile-notice.tsx";
import { AddressesPage, AddressPage, type AddressValues } from "../../../../web/pages/account-addresses.tsx";
import { renderPage } from "../../../../web/render.ts";
import type { AppContext } from "../../app-env.ts";
import { servicesOf } from "../../compose.ts";
import { fieldErrors } from "../../middleware/request-body.ts";
import { changeAddress } from "../../profile/addresses.ts";
import { pageForSignedIn } from "../../profile/page-for-signed-in.ts";
import { refuse } from "../../refuse.ts";
import { pathParameter, type App } from "../register.ts";
import { accountPage, typedIn } from "./account-forms.ts";
import { readForm } from "./form.ts";
import { PERSONAL_PAGE, siteOf } from "./site.ts";

const HOME = "/account/addresses";

export function registerAccountAddresses(app: App): void {
  app.get(HOME, pageForSignedIn(HOME, list));
  app.get(`${HOME}/new`, pageForSignedIn(HOME, showNew));
  app.get(`${HOME}/:id`, pageForSignedIn(HOME, showOne));
  app.post(HOME, pageForSignedIn(HOME, save));
  app.post(`${HOME}/:id`, pageForSignedIn(HOME, save));
  app.post(`${HOME}/:id/default`, pageForSignedIn(HOME, makeDefault));
  app.post(`${HOME}/:id/remove`, pageForSignedIn(HOME, remove));
}

const said = (c: AppContext, message: ProfileMessage): Response => c.redirect(`${HOME}?said=${message}`, 303);

async function list(c: AppContext, { userId }: SignedIn): Promise<Response> {
  const addresses = await listAddresses(servicesOf(c.env).database, userId);
  const message = c.req.query("said");
  return accountPage(
    c,
    renderPage(
      <AddressesPage
        site={siteOf(c)}
        addresses={addresses}
        message={isProfileMessage(message) ? message : null}
      />,
    ),
  );
}

async function showNew(c: AppContext, { userId, name }: SignedIn): Promise<Response> {
  const isFirst = (await listAddresses(servicesOf(c.env).database, userId)).length === 0;
  return form(c, null, { ...EMPTY_CHECKOUT, name, isDefault: isFirst });
}

async function showOne(c: AppContext, { userId }: SignedIn): Promise<Response> {
  const address = await readAddress(servicesOf(c.env).database, userId, pathParameter(c, "id"));
  return address === null ? refuse(c, "not_found") : form(c, address.id, address);
}

function form(
  c: AppContext,
  id: string | null,
  values: AddressValues,
  errors: readonly FieldError[] = [],
): Response {
  c.header("cache-control", PERSONAL_PAGE);
  const page = <AddressPage site={siteOf(c)} id={id} values={values} errors={errors} />;
  return c.html(renderPage(page), errors.length === 0 ? 200 : 422);
}

/** Of a new address, or of the one that the path names. */
async function save(c: AppContext, { userId }: SignedIn): Promise<Response> {
  const posted = await readForm(c);
  if (!posted.ok) return refuse(c, posted.code);
  const id = pathParameter(c, "id") === "" ? null : pathParameter(c, "id");
  const { database } = servicesOf(c.env);
  if (id !== null && (await readAddress(database, userId, id)) === null) return refuse(c, "not_found");
  const values = valuesOf(posted.fields);
  const address = AddressBody.safeParse(values);
  if (!address.success) return form(c, id, values, fieldErrors(address.error));
  if (id === null) {
    const added = await addAddress(database, userId, address.data);
    return said(c, added.ok ? "address_added" : "addresses_full");
  }
  const isThere = await replaceAddress(database, userId, id, address.data);
  return isThere ? said(c, "address_saved") : refuse(c, "not_found");
}

function valuesOf(fields: URLSearchParams): AddressValues {
  return {
    name: typedIn(fields, "name"),
    line1: typedIn(fields, "line1"),
    line2: typedIn(fields, "line2"),
    city: typedIn(fields, "city"),
    region: typedIn(fields, "region"),
    postalCode: typedIn(fields, "postalCode"),
    country: typedIn(fields, "country"),
    isDefault: fields.get("isDefault") === "yes",
  };
}

async function makeDefault(c: AppContext, { userId }: SignedIn): Promise<Response> {
  const { database } = servicesOf(c.env);
  const changed = await changeAddress(database, userId, pathParameter(c, "id"), { isDefault: true });
  if (changed.ok) return said(c, "address_default");
  // As it stands it is none of its country (any more): it has to be corrected first.
  return changed.reason === "invalid"
    ? c.redirect(`${HOME}/${encodeURIComponent(pathParameter(c, "id"))}`, 303)
    : refuse(c, "not_found");
}

async function remove(c: AppContext, { userId }: SignedIn): Promise<Response> {
  const isGone = await removeAddress(servicesOf(c.env).database, userId, pathParameter(c, "id"));
  return isGone ? said(c, "address_removed") : refuse(c, "not_found");
}
