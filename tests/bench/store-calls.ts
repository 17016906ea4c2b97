/** The store's calls as the benchmark makes them: every buyer another person at another address. */
import type { HttpCall } from "./load.ts";

export function placeOrder(sku: string, run: string, index: number): HttpCall {
  return {
    method: "POST",
    path: "/api/orders",
    headers: { "idempotency-key": `${run}-${String(index)}`, "cf-connecting-ip": addressOf(index) },
    body: JSON.stringify({
      lines: [{ sku, quantity: 1 }],
      email: `buyer-${run}-${String(index)}@example.com`,
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

export function readOrder(orderId: string, token: string, index: number): HttpCall {
  return {
    method: "GET",
    path: `/api/orders/${orderId}`,
    headers: { authorization: `Bearer ${token}`, "cf-connecting-ip": addressOf(index) },
  };
}

export function startPayment(orderId: string, token: string, index: number): HttpCall {
  return {
    method: "POST",
    path: `/api/orders/${orderId}/payment`,
    headers: { authorization: `Bearer ${token}`, "cf-connecting-ip": addressOf(index) },
  };
}

export function addressOf(index: number): string {
  return `10.${String((index >> 16) & 255)}.${String((index >> 8) & 255)}.${String(index & 255)}`;
}
