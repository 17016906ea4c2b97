/** The store's calls as the benchmark makes them: every buyer another person in another network. */
import type { HttpCall } from "./http-client.ts";

/** An odd number near 2^32 divided by the golden ratio: its multiples are spread as evenly as can be. */
const SPREAD = 0x9e3779b1;

export interface PlacedOrder {
  readonly orderId: string;
  readonly token: string;
}

/** Numbers the buyers of one store, so that no two runs share one. */
export class Buyers {
  #next = 0;

  next(): number {
    return this.#next++;
  }
}

export function placeOrder(sku: string, buyer: number): HttpCall {
  return {
    method: "POST",
    path: "/api/orders",
    headers: { "idempotency-key": `bench-${buyer}`, "cf-connecting-ip": addressOf(buyer) },
    body: JSON.stringify({
      lines: [{ sku, quantity: 1 }],
      email: `buyer-${buyer}@example.com`,
      shippingAddress: {
        name: "Ada Lovelace",
        line1: "1 Main St",
        city: "Springfield",
        region: "IL",
        postalCode: "62701",
        country: "US",
      },
      shippingMethod: "standard",
    }),
  };
}

export function readOrder({ orderId, token }: PlacedOrder, reader: number): HttpCall {
  return {
    method: "GET",
    path: `/api/orders/${orderId}`,
    headers: { authorization: `Bearer ${token}`, "cf-connecting-ip": addressOf(reader) },
  };
}

export function startPayment({ orderId, token }: PlacedOrder, buyer: number): HttpCall {
  return {
    method: "POST",
    path: `/api/orders/${orderId}/payment`,
    headers: { authorization: `Bearer ${token}`, "cf-connecting-ip": addressOf(buyer) },
  };
}

/** An IPv4 address of the buyer's own, whose first three numbers are shared by few others: limits count networks. */
export function addressOf(buyer: number): string {
  const mixed = Math.imul(buyer + 1, SPREAD) >>> 0;
  return [24, 16, 8, 0].map((shift) => (mixed >>> shift) & 255).join(".");
}
