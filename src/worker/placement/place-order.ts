/**
 * Placing an order, up to the shard that owns it: know the lines, the limits, the buyer and the order's id; then one call that holds
 * the units and writes the order, or puts everything back.
 *
 * A repeated request meets the same order by construction: its id is an HMAC of email and key, and the id says the shard.
 */
import { createHash } from "node:crypto";
import type { Catalog } from "../../adapters/catalog/catalog.ts";
import { networkKeyFor, orderIdFor, type SigningKeys } from "../../adapters/signing/index.ts";
import type { PlaceOutcome, PlaceRequest } from "../../durable-objects/order-shard/placements.ts";
import type { PlaceOrderBody, PlaceOrderInput } from "../../contracts/orders.ts";
import type { Agreement } from "../../domain/agreement.ts";
import { UNPAID_UNITS_FACTOR_OF_PERSONS } from "../../domain/inventory/unpaid-limit.ts";
import type { OrderRecord } from "../../domain/order/record.ts";
import type { Durations } from "../../domain/order/state.ts";
import { BUYER_LIMIT_PERIOD_SECONDS, LIMIT_PERIOD_SECONDS } from "../configuration.ts";
import type { NetworkLimit } from "../network-limit.ts";
import { buyerOf, type BuyerAccount } from "./buyer.ts";
import { deliveryOf } from "./delivery.ts";
import { challengeDrop, type DropChallengeDeps } from "./drop-challenge.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { placeInEpochs, type EpochsDeps } from "./place-in-epochs.ts";
import { refusalOf, refusalOfCharge, type PlacementRefusal } from "./refusal.ts";
import { requestedLines } from "./requested-lines.ts";

export interface PlacementDeps extends DropChallengeDeps, EpochsDeps {
  readonly limit: Pick<NetworkLimit, "allows">;
  readonly buyerLimit: Pick<NetworkLimit, "allows">;
  readonly catalog: Pick<Catalog, "sku" | "rates">;
  readonly keys: SigningKeys;
  readonly durations: Durations;
  /** Unpaid units of a SKU that one network may hold at once. */
  readonly unpaidUnitsPerNetwork: number;
}

export interface PlaceOrderRequest {
  readonly body: PlaceOrderBody;
  /** The parsed JSON as it came, for the fingerprint. */
  readonly rawBody: PlaceOrderInput;
  readonly idempotencyKey: string;
  /** The caller's network, for the limits; null where the platform named none. */
  readonly network: string;
  readonly cartId: string | null;
  /** What the buyer was shown of the items; left out where only the total was agreed to, or nothing. */
  readonly agreed?: Agreement;
  /** Who is signed in, or null. */
  readonly account: BuyerAccount | null;
}

export type PlaceOrderOutcome =
  { readonly ok: true; readonly replayed: boolean; readonly record: OrderRecord } | PlacementRefusal;

/** A shard or SKU that was slow is worth another try then. */
const AGAIN_SECONDS = 2;

/**
 * @throws CatalogUnavailable when no copy of the catalog can be had
 * @throws whatever an unreachable shard threw; what it may hold is freed by itself
 */
export async function placeOrder(
  deps: PlacementDeps,
  request: PlaceOrderRequest,
): Promise<PlaceOrderOutcome> {
  const { body, network } = request;
  const lines = await requestedLines(deps.catalog, body);
  if ("ok" in lines) return lines;
  if (!(await deps.limit.allows(network))) return limited("network");
  const { buyer, account } = buyerOf(deps.keys, request.account, body.email);
  if (!(await deps.buyerLimit.allows(limitedAs(buyer, request)))) return limited("buyer");

  const delivery = await deliveryOf(deps.catalog, body, lines);
  const fingerprint = fingerprintOf(request.rawBody);
  const ids = orderIdFor(deps.keys, body.email, request.idempotencyKey);
  const challenge = await challengeDrop(deps, { orderId: ids.current, network, lines });
  if (challenge.kind === "refused") return challenge.refusal;
  const isPerson = challenge.kind === "person";
  const placing: Omit<PlaceRequest, "orderId"> = {
    fingerprint,
    buyer,
    ...(account === undefined ? {} : { account }),
    accountId: request.account?.userId ?? null,
    cart: request.cartId === null ? null : createHash("sha256").update(request.cartId).digest("base64url"),
    network: networkOf(deps, network, isPerson),
    lines: lines.map(({ sku, name, quantity }) => ({ sku, name, quantity })),
    shippingMethod: body.shippingMethod,
    terms: delivery.ok ? delivery.terms : null,
    expectedTotal: body.expectedTotal ?? null,
    agreed: request.agreed ?? null,
    durations: deps.durations,
    contact: { email: body.email, shippingAddress: body.shippingAddress },
    isProven: challenge.kind !== "unproven",
  };
  const outcome = await placeInEpochs(deps, ids, placing, lines);
  if (!outcome.ok && outcome.reason === "challenge_required" && "refusal" in challenge)
    return challenge.refusal;
  if (!outcome.ok && outcome.reason === "not_deliverable" && !delivery.ok) return delivery.refusal;
  return answerOf(outcome);
}

function answerOf(outcome: PlaceOutcome): PlaceOrderOutcome {
  if (outcome.ok) return outcome;
  switch (outcome.reason) {
    case "fingerprint_mismatch":
      return KEY_REUSED;
    case "refused": {
      const reasons = new Set(outcome.refusals.map((refusal) => refusal.outcome.reason));
      if (reasons.has("fingerprint_mismatch")) return KEY_REUSED;
      return reasons.has("settled") ? HOLD_LOST : refusalOf(outcome.refusals);
    }
    case "price_changed":
      return {
        ok: false,
        code: "price_changed",
        detail: "The total has changed.",
        currentTotal: outcome.currentTotal,
      };
    case "not_chargeable":
      return refusalOfCharge(outcome.fault);
    case "overloaded":
      return {
        ok: false,
        code: "rate_limited",
        detail: "The store is very busy right now. Please try again in a moment.",
        retryAfterSeconds: AGAIN_SECONDS,
      };
    case "again":
    case "not_deliverable":
    case "closed":
    case "challenge_required":
      return {
        ok: false,
        code: "temporarily_unavailable",
        detail: "We couldn't hold your items in time. Nothing was reserved; please try again.",
        retryAfterSeconds: AGAIN_SECONDS,
      };
  }
}

const KEY_REUSED: PlacementRefusal = {
  ok: false,
  code: "idempotency_key_reused",
  detail: "This Idempotency-Key belongs to another request.",
};

const HOLD_LOST: PlacementRefusal = {
  ok: false,
  code: "hold_expired",
  detail: "We couldn't hold your items. Nothing was reserved; please try again.",
};

function limited(by: "network" | "buyer"): PlacementRefusal {
  return by === "network"
    ? {
        ok: false,
        code: "rate_limited",
        detail: "Too many orders from your network. Please wait a moment.",
        retryAfterSeconds: LIMIT_PERIOD_SECONDS,
      }
    : {
        ok: false,
        code: "rate_limited",
        detail: "Too many attempts to place an order. Please wait a moment.",
        retryAfterSeconds: BUYER_LIMIT_PERIOD_SECONDS,
      };
}

/** An account's tries count wherever they come from; a guest's by network too, so that a stranger's do not use up theirs. */
function limitedAs(buyer: string, { account, network }: PlaceOrderRequest): string {
  return account === null ? `${buyer} ${network}` : buyer;
}

/** What SKUs know of the network: a keyed hash, and how much it may hold. A person's shared network may hold more. */
function networkOf(deps: PlacementDeps, network: string, isPerson: boolean): PlaceRequest["network"] {
  const factor = isPerson ? UNPAID_UNITS_FACTOR_OF_PERSONS : 1;
  return { key: networkKeyFor(deps.keys, network), unpaidUnits: deps.unpaidUnitsPerNetwork * factor };
}
