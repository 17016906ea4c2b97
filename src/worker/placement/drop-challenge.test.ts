/** The challenge of a drop: whom it asks, and that a repetition meets its order whatever it proves. */
import { describe, expect, test } from "vitest";
import type { Proof } from "../person-check.ts";
import { challengeDrop } from "./drop-challenge.ts";
import type { RequestedLine } from "./reservations.ts";

const MINUTE_MS = 60_000;
const ORDER = "the order that is there";

interface Scene {
  readonly opensAt?: number | null;
  readonly proof?: Proof;
  readonly existing?: string | null;
  readonly isRecent?: boolean;
  readonly isBusyNetwork?: boolean;
}

/** What comes of a placement, and what it asked on the way. */
async function challenged(scene: Scene) {
  const { opensAt = Date.now() - MINUTE_MS, existing = null, isRecent = false } = scene;
  const asked: string[] = [];
  const outcome = await challengeDrop(
    {
      prove: (claim) => {
        asked.push(`proof for ${claim.spentOn ?? ""}`);
        return Promise.resolve(scene.proof ?? { ok: false, reason: "missing" });
      },
      unprovenLimit: {
        allows: (network) => {
          asked.push(`limit of ${network}`);
          return Promise.resolve(scene.isBusyNetwork !== true);
        },
      },
    },
    {
      orderId: "order-1",
      network: "192.0.2.1",
      lines: [line(null), line(opensAt)],
      isRecent,
      existing: () => {
        asked.push("order");
        return Promise.resolve(existing);
      },
    },
  );
  return { outcome, asked };
}

function line(opensAt: number | null): RequestedLine {
  const initialStock = { id: "first", quantity: 1 };
  const terms = {
    version: 1,
    unitAmountMinor: 100,
    currency: "USD",
    purchaseLimit: null,
    opensAt,
    initialStock,
  };
  return { sku: "PHONE", quantity: 1, name: "Phone", terms };
}

describe("a placement", () => {
  test.each([
    ["of what never was a drop", null],
    ["of a drop of last week", Date.now() - 7 * 24 * 60 * MINUTE_MS],
    ["of a drop that is still an hour away", Date.now() + 60 * MINUTE_MS],
  ])("%s asks nothing", async (_, opensAt) => {
    expect(await challenged({ opensAt })).toEqual({ outcome: null, asked: [] });
  });

  test("during a drop goes on with a proof for this very order, and costs nothing more", async () => {
    const passed = await challenged({ proof: { ok: true, by: "token" } });
    expect(passed).toEqual({ outcome: null, asked: ["proof for order-1"] });
  });

  test("during a drop without a proof is refused once its order was looked for", async () => {
    const { outcome, asked } = await challenged({});
    expect(outcome).toMatchObject({ ok: false, code: "challenge_required" });
    expect(asked).toEqual(["proof for order-1", "limit of 192.0.2.1", "order"]);
  });

  test.each([{ ok: false, reason: "missing" } as const, { ok: false, reason: "refused" } as const])(
    "that repeats an order meets it, proof or not: $reason",
    async (proof) => {
      expect((await challenged({ proof, existing: ORDER })).outcome).toBe(ORDER);
    },
  );

  test("that repeats what was placed here a moment ago does not even ask for a proof", async () => {
    const repeated = await challenged({ isRecent: true, existing: ORDER });
    expect(repeated).toEqual({ outcome: ORDER, asked: ["order"] });
  });

  test("goes on where siteverify is away, unless its network has done so too often", async () => {
    const proof: Proof = { ok: false, reason: "unreachable" };
    expect((await challenged({ proof })).outcome).toBeNull();
    const limited = await challenged({ proof, isBusyNetwork: true });
    expect(limited.outcome).toMatchObject({ code: "rate_limited", retryAfterSeconds: 10 });
  });

  test("without a proof from a busy network costs no call of an object", async () => {
    const { outcome, asked } = await challenged({ isBusyNetwork: true });
    expect(outcome).toMatchObject({ code: "rate_limited" });
    expect(asked).not.toContain("order");
  });

  test("that has not waited long enough says for how long", async () => {
    const { outcome } = await challenged({ proof: { ok: false, reason: "too_soon", retryAfterSeconds: 7 } });
    expect(outcome).toMatchObject({ code: "challenge_required", retryAfterSeconds: 7 });
  });
});
