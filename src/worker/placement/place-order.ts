/**
 * Placing an order, as a story: know the order by its id, hold the units, open the order; or put everything back.
 *
 * Losers cost one call per SKU and create nothing. A repeated request meets the same order by construction: its id is an
 * HMAC of e-mail and key, so its holds, tombstones and object are found without a look-up.
 */
import { createHash } from "node:crypto";
import type { Catalog } from "../../adapters/catalog/catalog.ts";
import { orderIdFor, type SigningKeys } from "../../adapters/signing/index.ts";
import type { SkuObjects } from "../../durable-objects/sku-inventory/sku-objects.ts";
import type { PlaceOrderBody, PlaceOrderInput } from "../../contracts/orders.ts";
import type { Agreement } from "../../domain/agreement.ts";
import { TENTATIVE_HOLD_MS } from "../../domain/inventory/rules.ts";
import type { OrderRecord } from "../../domain/order/record.ts";
import type { Durations, OpenOrder } from "../../domain/order/state.ts";
import { totalsOf } from "../../domain/pricing.ts";
import { BUYER_LIMIT_PERIOD_SECONDS, LIMIT_PERIOD_SECONDS } from "../configuration.ts";
import type { NetworkLimit } from "../network-limit.ts";
import { buyerOf, type BuyerAccount } from "./buyer.ts";
import { challengeDrop, type DropChallengeDeps } from "./drop-challenge.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { RecentOrders } from "./recent-orders.ts";
import { refusalOf, refusalOfTotal, type PlacementRefusal } from "./refusal.ts";
import { releaseAll, reserveAll, type LineReservation, type RequestedLine } from "./reservations.ts";

export interface PlacementDeps extends DropChallengeDeps {
  readonly orders: Env["ORDER"];
  readonly skuObject: SkuObjects;
  readonly limit: Pick<NetworkLimit, "allows">;
  readonly buyerLimit: Pick<NetworkLimit, "allows">;
  readonly catalog: Pick<Catalog, "sku">;
  readonly keys: SigningKeys;
  readonly durations: Durations;
  readonly recentOrders: RecentOrders;
}

export interface PlaceOrderRequest {
  readonly body: PlaceOrderBody;
  /** The parsed JSON as it came, for the fingerprint. */
  readonly rawBody: PlaceOrderInput;
  readonly idempotencyKey: string;
  /** The caller's network, for the rate limit. */
  readonly network: string;
  readonly cartId: string | null;
  /** What the buyer was shown of the items; left out where only the total was agreed to, or nothing. */
  readonly agreed?: Agreement;
  /** Who is signed in, or null. */
  readonly account: BuyerAccount | null;
}

export type PlaceOrderOutcome =
  { readonly ok: true; readonly replayed: boolean; readonly record: OrderRecord } | PlacementRefusal;

/**
 * @throws CatalogUnavailable when no copy of the catalog can be had
 * @throws whatever an unreachable object threw; tentative holds then lapse by themselves
 */
export async function placeOrder(
  deps: PlacementDeps,
  request: PlaceOrderRequest,
): Promise<PlaceOrderOutcome> {
  const lines = await requestedLines(deps.catalog, request.body);
  if ("ok" in lines) return lines;
  if (!(await deps.limit.allows(request.network))) {
    return {
      ok: false,
      code: "rate_limited",
      detail: "Too many orders from your network. Please wait a moment.",
      retryAfterSeconds: LIMIT_PERIOD_SECONDS,
    };
  }
  const { body } = request;
  const fingerprint = fingerprintOf(request.rawBody);
  const { current: orderId, former } = orderIdFor(deps.keys, body.email, request.idempotencyKey);
  for (const formerId of former) {
    const beforeChange = await existingOrder(deps, formerId, fingerprint);
    if (beforeChange !== null) return beforeChange;
  }

  const buyer = buyerOf(deps.keys, request.account, body.email);
  if (!(await deps.buyerLimit.allows(limitedAs(buyer.buyer, request)))) {
    return {
      ok: false,
      code: "rate_limited",
      detail: "Too many tries to place an order. Please wait a moment.",
      retryAfterSeconds: BUYER_LIMIT_PERIOD_SECONDS,
    };
  }
  const answered = await challengeDrop(deps, {
    orderId,
    network: request.network,
    lines,
    isRecent: deps.recentOrders.has(orderId),
    existing: () => existingOrder(deps, orderId, fingerprint),
  });
  if (answered !== null) return answered;

  const attempt = {
    orderId,
    attemptId: crypto.randomUUID(),
    fingerprint,
    ...buyer,
    cart: request.cartId === null ? null : createHash("sha256").update(request.cartId).digest("base64url"),
    tentativeMs: Math.min(TENTATIVE_HOLD_MS, deps.durations.holdMs),
  };
  const reservations = await reserveAll(deps.skuObject, lines, attempt);
  const undo = () => releaseAll(deps.skuObject, reservations, attempt);

  const met = await orderMet(deps, orderId, fingerprint, reservations);
  if (met !== null) {
    await undo();
    return met;
  }
  const refusal = refusalOf(reservations);
  if (refusal !== null) {
    await undo();
    return refusal;
  }
  const content = contentOf(
    body,
    { orderId, fingerprint, buyer: buyer.buyer, accountId: request.account?.userId ?? null },
    reservations,
  );
  const totalRefusal = refusalOfTotal(content, { total: body.expectedTotal, items: request.agreed });
  if (totalRefusal !== null) {
    // An order that is there was agreed to: its repetition meets it, as no refusal may leave units held.
    const agreed = mayBeThere(deps, orderId, reservations)
      ? await existingOrder(deps, orderId, fingerprint)
      : null;
    await undo();
    return agreed ?? totalRefusal;
  }
  const contact = { email: body.email, shippingAddress: body.shippingAddress };
  const opened = await deps.orders.getByName(orderId).open(content, contact, deps.durations);
  if (!opened.ok) {
    await undo();
    return opened.reason === "fingerprint_mismatch" ? KEY_REUSED : HOLD_LOST;
  }
  if (opened.replayed) await undo();
  deps.recentOrders.add(orderId);
  return opened;
}

const KEY_REUSED: PlacementRefusal = {
  ok: false,
  code: "idempotency_key_reused",
  detail: "This Idempotency-Key belongs to another request.",
};

const HOLD_LOST: PlacementRefusal = {
  ok: false,
  code: "hold_expired",
  detail: "The units could not be kept. Nothing is held; please try again.",
};

/** An account's tries count wherever they come from; a guest's by network too, so that a stranger's do not use up theirs. */
function limitedAs(buyer: string, { account, network }: PlaceOrderRequest): string {
  return account === null ? `${buyer} ${network}` : buyer;
}

async function requestedLines(
  catalog: Pick<Catalog, "sku">,
  body: PlaceOrderBody,
): Promise<RequestedLine[] | PlacementRefusal> {
  const known: RequestedLine[] = [];
  const errors = [];
  for (const [index, { sku, quantity }] of body.lines.entries()) {
    const entry = await catalog.sku(sku);
    if (entry === null) errors.push({ path: `lines.${index}.sku`, message: "is not a SKU of this store" });
    else known.push({ sku, quantity, name: entry.sku.name, terms: entry.terms });
  }
  const currencies = new Set(known.map((line) => line.terms.currency));
  if (currencies.size > 1) errors.push({ path: "lines", message: "must be of one currency" });
  if (errors.length === 0) return known;
  return { ok: false, code: "validation_failed", detail: "Some lines cannot be ordered.", errors };
}

/** The order that the SKU objects' answers point at: a hold of other content, units it has already, a tombstone. */
async function orderMet(
  deps: PlacementDeps,
  orderId: string,
  fingerprint: string,
  reservations: readonly LineReservation[],
): Promise<PlaceOrderOutcome | null> {
  const outcomes = reservations.map(({ outcome }) => outcome);
  if (outcomes.some((outcome) => !outcome.ok && outcome.reason === "fingerprint_mismatch")) return KEY_REUSED;
  const refused = outcomes.some((outcome) => !outcome.ok);
  const known = outcomes.some((outcome) => outcome.ok && outcome.hold === "known");
  const settled = outcomes.some((outcome) => !outcome.ok && outcome.reason === "settled");
  // An order that has all its units is met by opening it again; only a refusal could hide it.
  if (!settled && !(refused && (known || mayExist(deps, orderId, outcomes)))) return null;
  return (await existingOrder(deps, orderId, fingerprint)) ?? (settled ? HOLD_LOST : null);
}

/** Whether an order that holds these units, or was placed here a moment ago, may have this id. */
function mayBeThere(deps: PlacementDeps, orderId: string, reservations: readonly LineReservation[]): boolean {
  return (
    deps.recentOrders.has(orderId) ||
    reservations.some(({ outcome }) => outcome.ok && outcome.hold === "known")
  );
}

/** Sold out is the rush's answer and has to stay one call; the rarer refusals can afford to look. */
function mayExist(
  deps: PlacementDeps,
  orderId: string,
  outcomes: readonly LineReservation["outcome"][],
): boolean {
  return (
    deps.recentOrders.has(orderId) || outcomes.some((outcome) => !outcome.ok && outcome.reason !== "sold_out")
  );
}

async function existingOrder(
  deps: PlacementDeps,
  orderId: string,
  fingerprint: string,
): Promise<PlaceOrderOutcome | null> {
  const record = await deps.orders.getByName(orderId).read();
  if (record === null) return null;
  return record.fingerprint === fingerprint ? { ok: true, replayed: true, record } : KEY_REUSED;
}

function contentOf(
  body: PlaceOrderBody,
  identity: Pick<OpenOrder, "orderId" | "fingerprint" | "buyer" | "accountId">,
  reservations: readonly LineReservation[],
): OpenOrder {
  const lines = reservations.map(({ line, outcome }) => {
    if (!outcome.ok) throw new Error("an order is opened only when every line is held");
    return {
      sku: line.sku,
      name: line.name,
      quantity: line.quantity,
      unitAmountMinor: outcome.unitAmountMinor,
    };
  });
  const currency = reservations[0]?.line.terms.currency ?? "USD";
  const { shippingMethod } = body;
  return { ...identity, lines, shippingMethod, totals: totalsOf(lines, shippingMethod, currency) };
}
