/** What somebody keeps in their account, in every state worth looking at, with made-up things. Not part of the store. */
import type { Address, OwnOrder, WishlistItem } from "../../src/contracts/profile.ts";
import { EMPTY_CHECKOUT } from "../components/checkout-values.ts";
import { AddressesPage, AddressPage } from "../pages/account-addresses.tsx";
import { AccountDataPage } from "../pages/account-data.tsx";
import { AccountGonePage } from "../pages/account-gone.tsx";
import { AccountOrdersPage } from "../pages/account-orders.tsx";
import { WishlistPage } from "../pages/account-wishlist.tsx";
import { renderPage } from "../render.ts";
import type { SiteContext } from "../site.ts";

const PHONE = { sku: "AURORA-PRO-256-GRAPHITE", name: "Aurora Pro, 256 GB, graphite" };

/** @param now epoch ms */
export function sampleProfilePages(site: SiteContext, now: number): Record<string, string> {
  const orders = sampleOrders(now);
  const wrong = [
    { path: "postalCode", message: "is not a postal code of the country" },
    { path: "region", message: "is needed in this country" },
  ];
  const typed = {
    ...EMPTY_CHECKOUT,
    name: "Ada Lovelace",
    line1: "1 Main St",
    city: "Springfield",
    postalCode: "627",
  };
  return {
    "account-orders": renderPage(
      <AccountOrdersPage
        site={site}
        orders={{ items: orders, nextCursor: "more" }}
        query=""
        isFurtherPage={false}
      />,
    ),
    "account-orders-none": renderPage(
      <AccountOrdersPage
        site={site}
        orders={{ items: [], nextCursor: null }}
        query=""
        isFurtherPage={false}
      />,
    ),
    "account-orders-not-found": renderPage(
      <AccountOrdersPage
        site={site}
        orders={{ items: [], nextCursor: null }}
        query="zeppelin"
        isFurtherPage={false}
      />,
    ),
    "account-addresses": renderPage(
      <AddressesPage site={site} addresses={sampleAddresses()} message="address_added" />,
    ),
    "account-address-errors": renderPage(
      <AddressPage site={site} id={null} values={{ ...typed, isDefault: true }} errors={wrong} />,
    ),
    "account-wishlist": renderPage(
      <WishlistPage
        site={site}
        wishlist={{ items: sampleWishes(now), nextCursor: null }}
        isFurtherPage={false}
        message={null}
      />,
    ),
    "account-wishlist-none": renderPage(
      <WishlistPage
        site={site}
        wishlist={{ items: [], nextCursor: null }}
        isFurtherPage={false}
        message={null}
      />,
    ),
    "account-data": renderPage(<AccountDataPage site={site} message={null} signInHref={null} />),
    "account-data-again": renderPage(
      <AccountDataPage site={site} message="not_agreed" signInHref="/account/sign-in" />,
    ),
    "account-gone": renderPage(<AccountGonePage site={site} />),
  };
}

function sampleOrders(now: number): OwnOrder[] {
  const price = { amount: 119900, currency: "USD" };
  const order = (end: string, status: OwnOrder["status"], quantity: number): OwnOrder => ({
    orderId: `0123456789abcdef${end}`,
    number: `CDEF-${end.toUpperCase()}`,
    status,
    placedAt: new Date(now).toISOString(),
    total: { ...price, amount: price.amount * quantity },
    lines: [
      { ...PHONE, quantity, unitPrice: price },
      { sku: "HALO-BUDS-WHITE", name: "Halo Buds, white", quantity: 1, unitPrice: { ...price, amount: 0 } },
    ],
  });
  return [order("4567", "reserved", 1), order("89ab", "shipped", 2), order("cd01", "expired", 1)];
}

function sampleAddresses(): Address[] {
  const home = {
    name: "Ada Lovelace",
    line1: "1 Main St",
    line2: "Apartment 4",
    city: "Springfield",
    region: "IL",
    postalCode: "62701",
    country: "US",
  };
  const work = {
    ...home,
    line1: "12 St James’s Square",
    line2: "",
    city: "London",
    region: "",
    postalCode: "SW1Y 4JH",
    country: "GB",
  };
  return [
    { ...home, id: "1", isDefault: true },
    { ...work, id: "2", isDefault: false },
  ];
}

function sampleWishes(now: number): WishlistItem[] {
  const addedAt = new Date(now).toISOString();
  const product = { slug: "aurora-pro", name: PHONE.name, price: { amount: 119900, currency: "USD" } };
  return [
    { sku: PHONE.sku, addedAt, product: { ...product, status: "in_stock" } },
    {
      sku: "AURORA-PRO-1TB-EMBER",
      addedAt,
      product: { ...product, name: "Aurora Pro, 1 TB, ember", status: "sold_out" },
    },
    { sku: "OLD-PHONE", addedAt, product: null },
  ];
}
