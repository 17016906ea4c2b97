/** The orders of an account: searched, page by page, each with the way to it and to ordering it again. Works without JavaScript. */
import { MAX_HISTORY_QUERY_LENGTH, type OwnOrder, type OwnOrderList } from "../../src/contracts/profile.ts";
import { AccountFrame } from "../components/account-frame.tsx";
import { ItemName } from "../components/item-name.tsx";
import { MoneyText } from "../components/money.tsx";
import { orderStatusWord } from "../components/order-status-word.ts";
import { TimeText } from "../components/time-text.tsx";
import type { SiteContext } from "../site.ts";

export interface AccountOrdersPageProps {
  readonly site: SiteContext;
  readonly orders: OwnOrderList;
  /** What was looked for; empty: nothing. */
  readonly query: string;
  /** Whether newer orders come before these. */
  readonly isFurtherPage: boolean;
}

export function AccountOrdersPage({ site, orders, query, isFurtherPage }: AccountOrdersPageProps) {
  const { items, nextCursor } = orders;
  const isEmpty = items.length === 0 && !isFurtherPage;
  return (
    <AccountFrame site={site} section="orders" title="Orders">
      {!(isEmpty && query === "") && <OrderSearch query={query} />}
      {isEmpty ? <NoOrders query={query} /> : <OrderCards orders={items} />}
      <p class="older">
        {isFurtherPage && <a href={ordersHref(query, null)}>Newest orders</a>}
        {nextCursor !== null && <a href={ordersHref(query, nextCursor)}>Older orders</a>}
      </p>
    </AccountFrame>
  );
}

function ordersHref(query: string, cursor: string | null): string {
  const parameters = new URLSearchParams();
  if (query !== "") parameters.set("query", query);
  if (cursor !== null) parameters.set("cursor", cursor);
  return parameters.size === 0 ? "/account/orders" : `/account/orders?${parameters.toString()}`;
}

function OrderSearch({ query }: { readonly query: string }) {
  return (
    <form class="find" role="search" method="get" action="/account/orders" aria-label="Your orders">
      <label class="field-label" for="order-query">
        Number, product or SKU
      </label>
      <div class="find-row">
        <input
          class="input"
          id="order-query"
          name="query"
          type="search"
          value={query}
          maxlength={MAX_HISTORY_QUERY_LENGTH}
          autocomplete="off"
        />
        <button class="button button-small" data-look="quiet" type="submit">
          Find
        </button>
      </div>
    </form>
  );
}

function NoOrders({ query }: { readonly query: string }) {
  return query === "" ? (
    <div class="none">
      <p>You have not ordered anything yet. An order you have just placed appears here within a minute.</p>
      <a class="button" href="/products">
        See what there is
      </a>
    </div>
  ) : (
    <div class="none">
      <p>None of your orders matches “{query}”.</p>
      <a class="text-link" href="/account/orders">
        Show all orders
      </a>
    </div>
  );
}

function OrderCards({ orders }: { readonly orders: readonly OwnOrder[] }) {
  return (
    <ul class="cards">
      {orders.map((order) => (
        <OrderCard order={order} />
      ))}
    </ul>
  );
}

function OrderCard({ order }: { readonly order: OwnOrder }) {
  const { orderId, number, status, placedAt, total, lines } = order;
  const href = `/orders/${encodeURIComponent(orderId)}`;
  const isOpen = status === "reserved";
  return (
    <li class="panel">
      <div class="panel-head">
        <h2 class="panel-title">
          <a href={href}>Order {number}</a>
        </h2>
        <span class="mark-word" data-status={status}>
          {orderStatusWord(status)}
        </span>
      </div>
      <p class="fine">
        <TimeText at={placedAt} /> · <MoneyText amount={total.amount} currency={total.currency} />
      </p>
      <ul class="names">
        {lines.map(({ name, quantity }) => (
          <li>
            {quantity > 1 && `${String(quantity)} × `}
            <ItemName name={name} />
          </li>
        ))}
      </ul>
      <div class="panel-actions">
        {isOpen ? (
          <a class="button button-small" href={`${href}/pay`}>
            Pay<span class="visually-hidden"> order {number}</span>
          </a>
        ) : (
          <form method="post" action={`/account/orders/${encodeURIComponent(orderId)}/again`}>
            <button class="button button-small" data-look="quiet" type="submit">
              Order again<span class="visually-hidden">: order {number}</span>
            </button>
          </form>
        )}
      </div>
    </li>
  );
}
