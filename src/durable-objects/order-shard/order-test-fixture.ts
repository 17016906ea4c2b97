/** What the order shard's tests share: Stripe's answers, and SKU objects that can be held up or fail. */
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import {
  creationId,
  type Intent,
  type PaymentOperation,
  type PaymentOperationResult,
} from "../../domain/order/payment-operation.ts";
import type { SkuCommand } from "../../domain/inventory/commands.ts";
import type { PaymentOutcome } from "./order-shard.ts";
import { orderOf, PRICE } from "../object-test-fixture.ts";

export function intentOf(orderId: string, overrides: Partial<Intent> = {}): Intent {
  return {
    id: `pi_${orderId}`,
    amountMinor: PRICE,
    currency: "USD",
    status: "requires_payment_method",
    capturedMinor: 0,
    lastError: null,
    orderId,
    operationId: creationId(orderId, 1),
    ...overrides,
  };
}

/** Stripe's answer to an operation: the intent as shown. */
export function shown(operation: PaymentOperation, overrides: Partial<Intent> = {}): PaymentOperationResult {
  const { kind, n, orderId } = operation;
  return { kind, n, outcome: "intent", intent: intentOf(orderId, overrides), clientSecret: "secret" };
}

/** Begins to pay and makes the intent. */
export async function beginPaying(orderId: string): Promise<PaymentOutcome> {
  const begun = await orderOf(orderId).startPayment();
  if (!begun.ok || begun.operation === null) throw new Error("no creation was asked for");
  return orderOf(orderId).paymentCreated(shown(begun.operation));
}

/** Authorises and captures what the order was placed for. */
export async function pay(orderId: string): Promise<void> {
  await beginPaying(orderId);
  const capture = await orderOf(orderId).paymentEvent(intentOf(orderId, { status: "requires_capture" }));
  if (capture?.kind !== "capture") throw new Error("no capture was asked for");
  await orderOf(orderId).recordPaymentOperation(
    shown(capture, { status: "succeeded", capturedMinor: PRICE }),
  );
}

type Hook = (sku: string) => Promise<void>;
interface Interception {
  readonly kind: SkuCommand["kind"];
  readonly before?: Hook;
  readonly after?: Hook;
  readonly calls: SkuCommand[];
}
let interceptions: Interception[] = [];

/**
 * Puts something between shards and the calls that carry a kind of command, until the mocks are restored.
 *
 * @param before is awaited before a call goes through; what it throws, the shard sees
 * @returns the commands of that kind that were sent
 */
export function intercept(kind: SkuCommand["kind"], before: Hook): SkuCommand[] {
  return put({ kind, before, calls: [] });
}

/** As {@link intercept}, after the call: the SKU has done what was asked, and its answer is held up or lost. */
export function interceptAfter(kind: SkuCommand["kind"], after: Hook): SkuCommand[] {
  return put({ kind, after, calls: [] });
}

function put(interception: Interception): SkuCommand[] {
  if (!vi.isMockFunction(Reflect.get(env.SKU_INVENTORY, "getByName"))) {
    interceptions = [];
    const getByName = env.SKU_INVENTORY.getByName.bind(env.SKU_INVENTORY);
    vi.spyOn(env.SKU_INVENTORY, "getByName").mockImplementation((sku, options) =>
      watched(getByName(sku, options), sku),
    );
  }
  interceptions.push(interception);
  return interception.calls;
}

function watched<Stub extends object>(stub: Stub, sku: string): Stub {
  return new Proxy(stub, {
    get(target, key) {
      const property: unknown = Reflect.get(target, key, target);
      if (key !== "run" || typeof property !== "function") return property;
      return async (commands: readonly SkuCommand[]): Promise<unknown> => {
        const meant = interceptions.filter(({ kind }) => commands.some((command) => command.kind === kind));
        for (const { kind, calls } of meant)
          calls.push(...commands.filter((command) => command.kind === kind));
        for (const { before } of meant) await before?.(sku);
        const results = (await Reflect.apply(property, target, [commands])) as unknown;
        for (const { after } of meant) await after?.(sku);
        return results;
      };
    },
  });
}

/** Something that is waited for, and let go. */
export function gate(): { readonly open: () => void; readonly passed: Promise<void> } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}
