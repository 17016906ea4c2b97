/**
 * Money and units agree in the end, whatever happens in between: views of intents in any order, repeated or late; answers
 * lost; a unit lost; the shopper cancelling, the deadline passing, someone acting at Stripe's dashboard.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextUnitStep, nextWakeAt } from "./next-step.ts";
import { afterStep, intent, reserved, shownRefund, T0, TOTAL } from "./order-test-fixture.ts";
import * as payment from "./payment.ts";
import {
  operationId,
  type Intent,
  type PaymentOperation,
  type PaymentOperationResult,
} from "./payment-operation.ts";
import { ALREADY_REFUNDED, type ShownRefund } from "./refunds.ts";
import { deadlineOf, type OrderState } from "./state.ts";

const SEED = 20_261_122;
const RUNS = 1_500;
const MAX_ACTIONS = 40;
/** Rounds after which everything owed must be done. */
const MAX_ROUNDS = 60;

const FAILURE = { code: "refused", message: "Stripe said no." };

interface Account {
  readonly intent: Intent;
  readonly refunds: readonly ShownRefund[];
}

const refundedMinorOf = ({ refunds }: Account): number =>
  refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

/** Stripe, as far as an order can tell: intents, answers stored under their keys, and every view it ever sent. */
class ModelStripe {
  readonly accounts = new Map<string, Account>();
  readonly views: Intent[] = [];
  readonly #stored = new Map<string, PaymentOperationResult>();
  #created = 0;

  /** Payment intents in the order they were made. */
  nth(index: number): Account | undefined {
    const all = [...this.accounts.values()];
    return all.length === 0 ? undefined : all[index % all.length];
  }

  make(overrides: Partial<Intent>): Intent {
    this.#created += 1;
    const made = intent({ id: `pi_${this.#created}`, ...overrides });
    this.#set({ intent: made, refunds: [] });
    return made;
  }

  change(account: Account, overrides: Partial<Intent>): Intent {
    const changed = { ...account.intent, ...overrides };
    this.#set({ ...account, intent: changed });
    return changed;
  }

  perform(operation: PaymentOperation): PaymentOperationResult {
    if (operation.kind === "inspect") return this.#inspect(operation);
    if (operation.kind === "identify") return this.#identify(operation);
    if (operation.kind === "review") {
      const refunds = this.accounts.get(operation.intentId)?.refunds ?? [];
      const shown = { refunds, disputes: [], fraudWarning: null };
      return { kind: "review", n: operation.n, outcome: "reviewed", shown };
    }
    const key = operationId(operation);
    const stored = this.#stored.get(key);
    if (stored !== undefined) return this.#again(operation, stored);
    const result = this.#perform(operation);
    this.#stored.set(key, result);
    return result;
  }

  /** A refusal that is stored is followed by a look at how the intent stands now; anything else is replayed as it was. */
  #again(operation: PaymentOperation, stored: PaymentOperationResult): PaymentOperationResult {
    if (stored.outcome !== "refused" || operation.kind === "create") return stored;
    const now = operation.intentId === null ? undefined : this.accounts.get(operation.intentId);
    return { ...stored, intent: stored.kind === "refund" ? null : (now?.intent ?? null) };
  }

  #inspect(operation: Extract<PaymentOperation, { kind: "inspect" }>): PaymentOperationResult {
    const { orderId, n, intentId } = operation;
    const id = operationId({ orderId, kind: "create", n });
    const found =
      intentId === null
        ? [...this.accounts.values()].find((account) => account.intent.operationId === id)
        : this.accounts.get(intentId);
    return found === undefined
      ? { kind: "inspect", n, outcome: "none", intentId: null, failure: null }
      : { kind: "inspect", n, outcome: "intent", intent: found.intent, clientSecret: "secret" };
  }

  /** Cards say which they are, or nothing of it: by the number of their intent. */
  #identify({ n, intentId }: Extract<PaymentOperation, { kind: "identify" }>): PaymentOperationResult {
    const payer = intentId.endsWith("2") ? null : "card";
    return { kind: "identify", n, outcome: "identified", intentId, payer };
  }

  #perform(
    operation: Exclude<PaymentOperation, { kind: "inspect" | "identify" | "review" }>,
  ): PaymentOperationResult {
    const { kind, n } = operation;
    if (kind === "create") {
      const made = this.make({ operationId: operationId(operation), amountMinor: operation.amountMinor });
      return { kind, n, outcome: "intent", intent: made, clientSecret: "secret" };
    }
    const account = this.accounts.get(operation.intentId);
    if (account === undefined) throw new Error(`no intent ${operation.intentId}`);
    const { status } = account.intent;
    if (kind === "refund") {
      const left = account.intent.capturedMinor - refundedMinorOf(account);
      const failure = left === 0 ? { code: ALREADY_REFUNDED, message: "" } : FAILURE;
      if (operation.amountMinor > left) return { kind, n, outcome: "refused", failure, intent: null };
      const { intentId, orderId, firstN, amountMinor } = operation;
      const id = operationId({ orderId, kind, n: firstN });
      const refund = shownRefund(n, { stripeId: `re_${intentId}_${n}`, amountMinor, operationId: id });
      this.#set({ ...account, refunds: [...account.refunds, refund] });
      return { kind, n, outcome: "refunded", refund };
    }
    const wanted = kind === "capture" ? "succeeded" : "canceled";
    const possible =
      kind === "capture" ? status === "requires_capture" : status !== "succeeded" && status !== "processing";
    if (status !== wanted && !possible)
      return { kind, n, outcome: "refused", failure: FAILURE, intent: account.intent };
    const capturedMinor = kind === "capture" ? operation.amountMinor : account.intent.capturedMinor;
    const shown =
      status === wanted ? account.intent : this.change(account, { status: wanted, capturedMinor });
    return { kind, n, outcome: "intent", intent: shown, clientSecret: "secret" };
  }

  #set(account: Account): void {
    this.accounts.set(account.intent.id, account);
    this.views.push(account.intent);
  }
}

type Action =
  | { readonly kind: "pay" | "step" | "cancel" | "lose_unit" | "due" }
  | { readonly kind: "operate"; readonly answerLost: boolean }
  | { readonly kind: "create"; readonly answerLost: boolean }
  | { readonly kind: "deliver"; readonly view: number }
  | {
      readonly kind: "at_stripe";
      readonly intent: number;
      readonly what: "authorise" | "decline" | "act" | "process" | "cancel" | "capture";
    }
  | { readonly kind: "stray"; readonly status: Intent["status"] }
  | { readonly kind: "wait"; readonly ms: number };

const index = fc.nat({ max: 20 });
const actions = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("pay") }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("create"), answerLost: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("step", "step", "due") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("cancel", "lose_unit") }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("operate"), answerLost: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("deliver"), view: index }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("at_stripe"),
      intent: index,
      what: fc.constantFrom("authorise", "authorise", "decline", "act", "process", "cancel", "capture"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("stray"),
      status: fc.constantFrom<Intent["status"]>("requires_payment_method", "requires_capture", "succeeded"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("wait"), ms: fc.integer({ min: 1, max: 1_500_000 }) }),
  },
) as fc.Arbitrary<Action>;

/** Some way into a purchase, so that what happens late is tried as often as what happens early. */
const PURCHASE: readonly Action[] = [
  { kind: "pay" },
  { kind: "create", answerLost: false },
  { kind: "at_stripe", intent: 0, what: "authorise" },
  { kind: "deliver", view: 1 },
  { kind: "step" },
  { kind: "operate", answerLost: false },
];
const sequences = fc
  .tuple(
    fc.integer({ min: 0, max: PURCHASE.length }),
    fc.array(actions, { maxLength: MAX_ACTIONS, size: "max" }),
  )
  .map(([length, rest]) => [...PURCHASE.slice(0, length), ...rest]);

type Limit = "none" | "kept" | "reached";
const limits = fc.constantFrom<Limit>("none", "kept", "reached");

/** An order, its units at the SKUs, and Stripe. */
class World {
  state: OrderState = reserved();
  units: "held" | "lost" | "committed" | "free" = "held";
  readonly stripe = new ModelStripe();
  /** Whether the SKUs want to know the card, and whether it has paid for as many as one buyer may have. */
  readonly limit: Limit;
  now = T0;

  constructor(limit: Limit) {
    this.limit = limit;
  }

  act(action: Action): void {
    switch (action.kind) {
      case "pay":
        if (payment.paymentRefusal(this.state, this.now) === null) {
          this.state = payment.beginPayment(this.state, this.now);
          if (this.state.payment?.phase === "none") this.state = payment.paymentStarted(this.state, this.now);
        }
        return;
      case "create":
        this.#create(action.answerLost);
        return;
      case "step":
        this.step();
        return;
      case "due":
        this.state = payment.dueReached(this.state, this.now);
        return;
      case "cancel":
        this.state = payment.cancelByShopper(this.state, this.now).state;
        return;
      case "lose_unit":
        if (this.units === "held") this.units = "lost";
        return;
      case "operate":
        this.operate(action.answerLost);
        return;
      case "deliver": {
        const view = this.stripe.views[action.view % Math.max(1, this.stripe.views.length)];
        if (view !== undefined) this.deliver(view);
        return;
      }
      case "at_stripe":
        this.#atStripe(action.intent, action.what);
        return;
      case "stray":
        if (this.stripe.accounts.size < 4)
          this.stripe.make({
            operationId: "order-1:create:99",
            status: action.status,
            capturedMinor: action.status === "succeeded" ? TOTAL : 0,
          });
        return;
      case "wait":
        this.now += action.ms;
        return;
    }
  }

  deliver(view: Intent): void {
    this.state = payment.observeIntent(this.state, view, null, this.now);
  }

  step(): boolean {
    const step = nextUnitStep(this.state);
    if (step === null) return false;
    const done = this.units === "held" || this.units === "committed";
    if (step === "commit" && done) this.units = "committed";
    if (step === "settle") this.units = "free";
    if (step === "judge_payer") this.state = afterStep(this.state, step, this.limit === "kept", this.now);
    else if (step === "commit" && done && this.limit !== "none")
      this.state = payment.unitsCommitted(this.state, this.now, true);
    else this.state = afterStep(this.state, step, done, this.now);
    return true;
  }

  operate(answerLost: boolean): boolean {
    const operation = payment.operationOwed(this.state, this.now);
    if (operation === null) return false;
    const result = this.stripe.perform(operation);
    if (!answerLost) this.state = payment.operationDone(this.state, result, this.now);
    return true;
  }

  #create(answerLost: boolean): void {
    const creation = payment.creationDue(this.state);
    if (creation === null) return;
    const result = this.stripe.perform(creation);
    if (!answerLost) this.state = payment.operationDone(this.state, result, this.now);
  }

  #atStripe(nth: number, what: string): void {
    const account = this.stripe.nth(nth);
    if (account === undefined) return;
    const { status } = account.intent;
    const open = status !== "canceled" && status !== "succeeded" && status !== "requires_capture";
    if (what === "authorise" && open)
      this.stripe.change(account, { status: "requires_capture", lastError: null });
    if (what === "act" && open) this.stripe.change(account, { status: "requires_action" });
    if (what === "process" && open) this.stripe.change(account, { status: "processing" });
    if (what === "decline" && open)
      this.stripe.change(account, { status: "requires_payment_method", lastError: FAILURE });
    if (what === "cancel" && (open || status === "requires_capture"))
      this.stripe.change(account, { status: "canceled" });
    if (what === "capture" && status === "requires_capture")
      this.stripe.change(account, { status: "succeeded", capturedMinor: TOTAL });
  }

  /** Time passes, every view comes at last, and everything owed is done. Answers whether it came to rest. */
  comeToRest(): boolean {
    this.now = Math.max(this.now, deadlineOf(this.state)) + 1;
    for (const { intent: last } of [...this.stripe.accounts.values()]) {
      // A payment in processing comes out one way or the other.
      if (last.status === "processing")
        this.#atStripe([...this.stripe.accounts.keys()].indexOf(last.id), "decline");
    }
    for (let round = 0; round < MAX_ROUNDS; round++) {
      this.state = payment.dueReached(this.state, this.now);
      const stepped = this.step();
      const operated = this.operate(false);
      for (const { intent: last } of this.stripe.accounts.values()) {
        if (round === 0) this.deliver(last);
      }
      this.now += 60_000;
      if (!stepped && !operated && round > 0) return true;
    }
    return false;
  }
}

function agree({ state, stripe, units }: World): void {
  const kept = [...stripe.accounts.values()].map((account) => ({
    open: account.intent.status !== "canceled" && account.intent.status !== "succeeded",
    keptMinor: account.intent.capturedMinor - refundedMinorOf(account),
  }));
  expect(kept.filter(({ open }) => open)).toEqual([]);
  const keptMinor = kept.reduce((sum, account) => sum + account.keptMinor, 0);
  if (state.status === "paid") {
    expect({ units, keptMinor }).toEqual({ units: "committed", keptMinor: TOTAL });
  } else {
    expect(["expired", "cancelled"]).toContain(state.status);
    expect({ units, keptMinor }).toEqual({ units: "free", keptMinor: 0 });
  }
  expect(state.capturedMinor - state.refundedMinor).toBe(keptMinor);
  expect(state.obligations).toEqual([]);
}

describe("money and units", () => {
  it("agree once the order has come to rest, and nothing stays owed", () => {
    fc.assert(
      fc.property(sequences, limits, (sequence, limit) => {
        const world = new World(limit);
        for (const action of sequence) world.act(action);
        expect(world.comeToRest()).toBe(true);
        agree(world);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it("stay as they are when every view Stripe ever sent comes again, in any order", () => {
    fc.assert(
      fc.property(sequences, limits, fc.infiniteStream(index), (sequence, limit, order) => {
        const world = new World(limit);
        for (const action of sequence) world.act(action);
        expect(world.comeToRest()).toBe(true);
        const { status, timeline } = world.state;
        for (const which of order.take(30)) world.act({ kind: "deliver", view: which });
        expect(world.comeToRest()).toBe(true);
        agree(world);
        expect(world.state).toMatchObject({ status, timeline });
      }),
      { seed: SEED, numRuns: RUNS / 3 },
    );
  });

  it("are never waited for without a moment at which the order wakes up", () => {
    fc.assert(
      fc.property(sequences, limits, (sequence, limit) => {
        const world = new World(limit);
        for (const action of sequence) {
          world.act(action);
          const { state } = world;
          const open =
            state.status === "reserved" || state.status === "authorised" || state.obligations.length > 0;
          if (open) expect(nextWakeAt(state, world.now)).not.toBeNull();
        }
      }),
      { seed: SEED, numRuns: RUNS / 3 },
    );
  });
});
