import { expect, it } from "vitest";
import { addressOf } from "./store-calls.ts";

it("gives each of 50,000 buyers an address of their own, and no network of 256 addresses more than a few", () => {
  const addresses = Array.from({ length: 50_000 }, (_, buyer) => addressOf(buyer));
  expect(new Set(addresses).size).toBe(addresses.length);
  const perNetwork = new Map<string, number>();
  for (const address of addresses) {
    const network = address.slice(0, address.lastIndexOf("."));
    perNetwork.set(network, (perNetwork.get(network) ?? 0) + 1);
  }
  expect([...perNetwork.values()].reduce((most, count) => Math.max(most, count))).toBeLessThanOrEqual(2);
});
