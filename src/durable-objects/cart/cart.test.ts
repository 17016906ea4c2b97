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

describe("a guest's cart and an account's", () => {
  const accountCart = () => env.CART.getByName(fresh("account-cart"));
  const [PHONE, CABLE] = [
    { sku: "phone", quantity: 1 },
    { sku: "cable", quantity: 2 },
  ];

  it("merge once, however often a step is repeated", async () => {
    const guest = cartOf();
    const account = accountCart();
    await account.setLine("cable", 1);
    await guest.setLine("phone", 1);
    await guest.setLine("cable", 2);
    const first = await guest.handOver();
    const again = await guest.handOver();
    expect(first).toEqual({ revision: 2, lines: [PHONE, CABLE] });
    expect(again).toEqual(first);
    if (first === null) throw new Error("nothing handed over");
    const merged = { revision: 2, lines: [{ sku: "cable", quantity: 3 }, PHONE] };
    expect(await account.takeIn("guest", first)).toEqual(merged);
    expect(await account.takeIn("guest", first)).toEqual(merged);
    await guest.forgetHandedOver(first.revision);
    expect(await guest.handOver()).toBeNull();
    expect(await guest.read()).toEqual({ revision: 3, lines: [] });
  });

  it("lose no line where one of them dies on the way", async () => {
    const guest = cartOf();
    const account = accountCart();
    await guest.setLine("phone", 1);
    await guest.handOver();
    await evictDurableObject(guest);
    const handedOver = await guest.handOver();
    if (handedOver === null) throw new Error("nothing handed over");
    await account.takeIn("guest", handedOver);
    await evictDurableObject(account);
    expect((await account.takeIn("guest", handedOver)).lines).toEqual([PHONE]);
  });

  it("keep apart what was put in after the handing over", async () => {
    const guest = cartOf();
    const account = accountCart();
    await guest.setLine("phone", 1);
    const first = await guest.handOver();
    await guest.setLine("cable", 2);
    if (first === null) throw new Error("nothing handed over");
    await account.takeIn("guest", first);
    await guest.forgetHandedOver(first.revision);
    const second = await guest.handOver();
    expect(second).toEqual({ revision: 3, lines: [CABLE] });
    // What comes late does not undo what came since.
    await guest.forgetHandedOver(first.revision);
    expect(await guest.handOver()).toEqual(second);
    if (second === null) throw new Error("nothing handed over");
    await account.takeIn("guest", second);
    expect((await account.takeIn("guest", first)).lines).toEqual([PHONE, CABLE]);
  });

  it("hold more than a cart does: the rest waits, across an eviction, and comes in", async () => {
    const account = accountCart();
    for (let count = 0; count < 10; count++) await account.setLine(`sku-${count}`, 1);
    await account.takeIn("guest", { revision: 1, lines: [PHONE] });
    await evictDurableObject(account);
    expect(await account.read()).toMatchObject({ revision: 11, waiting: [PHONE] });
    const { lines, waiting } = await account.removeLine("sku-3");
    expect([lines.length, lines.at(-1), waiting]).toEqual([10, PHONE, undefined]);
  });

  it("that has nothing to hand over takes no storage", async () => {
    const guest = cartOf();
    expect(await guest.handOver()).toBeNull();
    expect(await keysOf(guest)).toEqual([]);
  });

  it("is emptied after 30 days without use, and its revisions go on: no later order meets a former one", async () => {
    const account = accountCart();
    await account.setLine("a", 1);
    setClock(32 * DAY_MS);
    await runDurableObjectAlarm(account);
    expect(await account.read()).toEqual({ revision: 2, lines: [] });
    expect(await alarmOf(account)).toBeNull();
    await account.setLine("a", 1);
    expect(await account.read()).toEqual({ revision: 3, lines: [{ sku: "a", quantity: 1 }] });
    expect(await alarmOf(account)).toBe(63 * DAY_MS);
  });

  it("keeps what was not part of the order", async () => {
    const account = accountCart();
    await account.setLine("a", 3);
    await account.setLine("b", 1);
    expect(await account.clear(2, [{ sku: "a", quantity: 1 }])).toEqual({
      revision: 3,
      lines: [
        { sku: "a", quantity: 2 },
        { sku: "b", quantity: 1 },
      ],
    });
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
