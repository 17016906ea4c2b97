/** The endpoints of what somebody with an account keeps here. All want a session; another's thing is not there. */
import { MAX_HISTORY_QUERY_LENGTH } from "../../contracts/profile.ts";
import { BODY_PROBLEMS, PAGE, SKU_SCHEMA, path, query, type Endpoint } from "./endpoint.ts";

const SESSION = { tag: "Accounts", security: "session" } as const;
const ADDRESS_ID = path("id", "The address's id.", { type: "string", format: "uuid" });
const SKU = path("sku", "The SKU.", SKU_SCHEMA);

export const PROFILE_ENDPOINTS = {
  getMe: {
    ...SESSION,
    method: "get",
    path: "/api/me",
    summary: "Who is signed in.",
    responses: { 200: { description: "The person.", schema: "Me" } },
    problems: ["unauthorised"],
  },
  updateMe: {
    ...SESSION,
    method: "patch",
    path: "/api/me",
    summary: "Changes the name. E-mail and password have doors of their own.",
    body: "MeBody",
    responses: { 200: { description: "The person as they are now.", schema: "Me" } },
    problems: ["unauthorised", ...BODY_PROBLEMS, "forbidden"],
  },
  deleteMe: {
    ...SESSION,
    method: "delete",
    path: "/api/me",
    summary:
      "Removes the person; needs a sign-in of the last hour. Orders stay without them, a parcel's once it has arrived.",
    responses: { 204: { description: "Gone, and signed out everywhere." } },
    problems: ["unauthorised", "sign_in_again", "forbidden"],
  },
  exportMe: {
    ...SESSION,
    method: "get",
    path: "/api/me/export",
    summary: "Everything kept about the person, as a file.",
    responses: { 200: { description: "A JSON document." } },
    problems: ["unauthorised"],
  },
  listAddresses: {
    ...SESSION,
    method: "get",
    path: "/api/me/addresses",
    summary: "The person's addresses, the default first.",
    responses: { 200: { description: "All of them.", schema: "AddressList" } },
    problems: ["unauthorised"],
  },
  addAddress: {
    ...SESSION,
    method: "post",
    path: "/api/me/addresses",
    summary: "Adds an address, at most 20; the first is the default.",
    body: "AddressBody",
    responses: { 201: { description: "The address.", schema: "Address" } },
    problems: ["unauthorised", ...BODY_PROBLEMS, "forbidden"],
  },
  updateAddress: {
    ...SESSION,
    method: "patch",
    path: "/api/me/addresses/{id}",
    summary: "Changes what is named; the address as a whole must be one of its country.",
    parameters: [ADDRESS_ID],
    body: "AddressPatch",
    responses: { 200: { description: "The address as it is now.", schema: "Address" } },
    problems: ["unauthorised", "not_found", ...BODY_PROBLEMS, "forbidden"],
  },
  removeAddress: {
    ...SESSION,
    method: "delete",
    path: "/api/me/addresses/{id}",
    summary: "Takes an address away; the newest of the others becomes the default where it was that.",
    parameters: [ADDRESS_ID],
    responses: { 204: { description: "Gone." } },
    problems: ["unauthorised", "not_found", "forbidden"],
  },
  listOwnOrders: {
    ...SESSION,
    method: "get",
    path: "/api/me/orders",
    summary: "The person's orders, newest first; a moment behind the orders themselves.",
    parameters: [
      query("query", "An order's number, or a part of a product's name or SKU.", {
        type: "string",
        maxLength: MAX_HISTORY_QUERY_LENGTH,
      }),
      ...PAGE,
    ],
    responses: { 200: { description: "A page of orders.", schema: "OwnOrderList" } },
    problems: ["unauthorised", "validation_failed"],
  },
  reorder: {
    method: "post",
    path: "/api/orders/{id}/reorder",
    tag: "Orders",
    security: "order",
    summary: "Puts an order's items into the cart, as far as they are still sold.",
    parameters: [path("id", "The order's id.")],
    responses: { 200: { description: "Whether all are in it.", schema: "Reordered" } },
    problems: ["not_found", "forbidden"],
  },
  listWishes: {
    ...SESSION,
    method: "get",
    path: "/api/wishlist",
    summary: "The wish list, newest first.",
    parameters: PAGE,
    responses: { 200: { description: "A page of it.", schema: "Wishlist" } },
    problems: ["unauthorised", "validation_failed"],
  },
  addWish: {
    ...SESSION,
    method: "put",
    path: "/api/wishlist/{sku}",
    summary: "Puts a SKU on the wish list, which holds at most 200.",
    parameters: [SKU],
    responses: { 200: { description: "What is on it now.", schema: "WishedSkus" } },
    problems: ["unauthorised", "validation_failed", "forbidden"],
  },
  removeWish: {
    ...SESSION,
    method: "delete",
    path: "/api/wishlist/{sku}",
    summary: "Takes a SKU off the wish list.",
    parameters: [SKU],
    responses: { 200: { description: "What is on it now.", schema: "WishedSkus" } },
    problems: ["unauthorised", "validation_failed", "forbidden"],
  },
} as const satisfies Record<string, Endpoint>;
