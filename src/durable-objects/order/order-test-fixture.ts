/** What the order object's tests share: Stripe's answers, and SKU objects that can be held up or fail. */
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import {
  creationId,
  type Intent,
  type PaymentOperation,
  type PaymentOperationResult,
} from "../../domain/order/payment-operation.ts";
import type { PaymentOutcome } from "./order.ts";
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

type SkuMethod = "confirm" | "extend" | "commit" | "settle";

/**
 * Puts something between orders and one method of the SKU objects, until the mocks are restored.
 *
 * @param before is awaited before a call goes through; what it throws, the order sees
 */
export function intercept(method: SkuMethod, before: (sku: string) => Promise<void>) {
  const calls: string[] = [];
  const getByName = env.SKU_INVENTORY.getByName.bind(env.SKU_INVENTORY);
  vi.spyOn(env.SKU_INVENTORY, "getByName").mockImplementation((sku) => {
    const stub = getByName(sku);
    return new Proxy(stub, {
      get(target, key) {
        const property: unknown = Reflect.get(target, key, target);
        if (key !== method || typeof property !== "function") return property;
        return async (...parameters: unknown[]): Promise<unknown> => {
          calls.push(sku);
          await before(sku);
          return (await Reflect.apply(property, target, parameters)) as unknown;
        };
      },
    });
  });
  return calls;
}

/** Something that is waited for, and let go. */
export function gate(): { readonly open: () => void; readonly passed: Promise<void> } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}
