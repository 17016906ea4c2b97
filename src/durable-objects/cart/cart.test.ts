/** A cart's object in the real runtime. */
import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { alarmOf, fresh, keysOf, setClock, standStill } from "../object-test-fixture.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

beforeEach(standStill);
afterEach(() => {
  vi.useRealTimers();
});

const cartOf = () => env.CART.getByName(fresh("cart"));

describe("a cart", () => {
  it("that was never filled is empty and takes no storage", async () => {
    const cart = cartOf();
    expect(await cart.read()).toEqual({ revision: 0, lines: [] });
    await cart.removeLine("a");
    expect(await keysOf(cart)).toEqual([]);
    expect(await alarmOf(cart)).toBeNull();
  });

  it("keeps its lines across an eviction", async () => {
    const cart = cartOf();
    await cart.setLine("a", 2);
    await cart.setLine("b", 1);
    await cart.removeLine("b");
    await evictDurableObject(cart);
    expect(await cart.read()).toEqual({ revision: 3, lines: [{ sku: "a", quantity: 2 }] });
  });

  it("is emptied for the order it became, once, and not when it changed since", async () => {
    const cart = cartOf();
    await cart.setLine("a", 1);
    expect(await cart.clear(0)).toMatchObject({ revision: 1 });
    expect(await cart.clear(1)).toEqual({ revision: 2, lines: [] });
    expect(await cart.clear(1)).toEqual({ revision: 2, lines: [] });
  });

  it("refuses an eleventh line", async () => {
    const cart = cartOf();
    for (let count = 0; count < 10; count++) await cart.setLine(`sku-${count}`, 1);
    expect(await cart.setLine("one-more", 1)).toEqual({ ok: false, reason: "cart_full" });
  });
});

describe("an idle cart", () => {
  it("goes away after 30 days without use, and leaves nothing", async () => {
    const cart = cartOf();
    await cart.setLine("a", 1);
    for (let rung = 0; rung < 3; rung++) {
      const at = await alarmOf(cart);
      if (at === null) break;
      setClock(at);
      await runDurableObjectAlarm(cart);
    }
    expect(Date.now()).toBeGreaterThanOrEqual(Date.UTC(2040, 0, 1) + 30 * DAY_MS);
    expect(await keysOf(cart)).toEqual([]);
    expect(await alarmOf(cart)).toBeNull();
    expect(await cart.read()).toEqual({ revision: 0, lines: [] });
  });

  it("stays for another 30 days after a change", async () => {
    const cart = cartOf();
    await cart.setLine("a", 1);
    setClock(29.5 * DAY_MS);
    await cart.setLine("b", 1);
    setClock(32 * DAY_MS);
    await runDurableObjectAlarm(cart);
    expect((await cart.read()).lines).toHaveLength(2);
    expect(await alarmOf(cart)).toBeGreaterThanOrEqual(59.5 * DAY_MS);
  });

  it("outlives the cookie that leads to it, which is renewed by putting in what is in it already", async () => {
    const cart = cartOf();
    await cart.setLine("a", 1);
    setClock(20 * DAY_MS);
    await cart.setLine("a", 1);
    setClock(50 * DAY_MS);
    await runDurableObjectAlarm(cart);
    expect(await cart.read()).toEqual({ revision: 1, lines: [{ sku: "a", quantity: 1 }] });
  });
});
