/** The challenge of a drop: whom it asks, and that a repetition meets its order whatever it proves. */
import { describe, expect, test } from "vitest";
import type { Proof } from "../person-check.ts";
import { challengeDrop } from "./drop-challenge.ts";
import type { RequestedLine } from "./requested-lines.ts";

const MINUTE_MS = 60_000;

interface Scene {
  readonly opensAt?: number | null;
  readonly proof?: Proof;
  readonly isBusyNetwork?: boolean;
}

/** What a placement proves, and what it asked on the way. */
async function challenged(scene: Scene) {
  const { opensAt = Date.now() - MINUTE_MS } = scene;
  const asked: string[] = [];
  const verdict = await challengeDrop(
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
    },
  );
  return { verdict, asked };
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
    expect(await challenged({ opensAt })).toEqual({ verdict: { kind: "free" }, asked: [] });
  });

  test("during a drop goes on with a proof for this very order, and costs nothing more", async () => {
    const passed = await challenged({ proof: { ok: true, by: "token" } });
    expect(passed).toEqual({ verdict: { kind: "person" }, asked: ["proof for order-1"] });
  });

  test.each([{ ok: false, reason: "missing" } as const, { ok: false, reason: "refused" } as const])(
    "during a drop without a proof may only repeat an order, and has a refusal if there is none: $reason",
    async (proof) => {
      const { verdict, asked } = await challenged({ proof });
      expect(verdict).toMatchObject({ kind: "unproven", refusal: { code: "challenge_required" } });
      expect(asked).toEqual(["proof for order-1", "limit of 192.0.2.1"]);
    },
  );

  test("goes on where siteverify is away, unless its network has done so too often", async () => {
    const proof: Proof = { ok: false, reason: "unreachable" };
    expect((await challenged({ proof })).verdict).toEqual({ kind: "free" });
    const limited = await challenged({ proof, isBusyNetwork: true });
    expect(limited.verdict).toMatchObject({
      kind: "refused",
      refusal: { code: "rate_limited", retryAfterSeconds: 10 },
    });
  });

  test("without a proof from a busy network is refused before its shard is asked", async () => {
    const { verdict } = await challenged({ isBusyNetwork: true });
    expect(verdict).toMatchObject({ kind: "refused", refusal: { code: "rate_limited" } });
  });

  test("that has not waited long enough says for how long", async () => {
    const { verdict } = await challenged({ proof: { ok: false, reason: "too_soon", retryAfterSeconds: 7 } });
    expect(verdict).toMatchObject({ refusal: { code: "challenge_required", retryAfterSeconds: 7 } });
  });
});
