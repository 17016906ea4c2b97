/** The production rules of a SKU, less a defence that is switched off. With none off they are the production rules and nothing else. */
import { decide, type SkuCommand } from "../../../domain/inventory/commands.ts";
import * as rules from "../../../domain/inventory/rules.ts";
import type { Change, Decision, Hold, InventoryView } from "../../../domain/inventory/state.ts";
import type { Defence } from "./defences.ts";

type Off = ReadonlySet<Defence>;
type Decided = ReturnType<typeof decide>;

/** A view that shows something else here and there. */
function seenAs(view: InventoryView, other: Partial<InventoryView>): InventoryView {
  return {
    figures: view.figures,
    terms: view.terms,
    hold: (orderId) => view.hold(orderId),
    tombstone: (orderId) => view.tombstone(orderId),
    holdsOf: (buyer, another) => view.holdsOf(buyer, another),
    holdsPaidBy: (payer) => view.holdsPaidBy(payer),
    lapsed: (now, limit) => view.lapsed(now, limit),
    asking: (now, limit) => view.asking(now, limit),
    unpaidUnitsOf: (network) => view.unpaidUnitsOf(network),
    command: (id) => view.command(id),
    ...other,
  };
}

const withHoldSeenAs = (view: InventoryView, hold: Hold) => seenAs(view, { hold: () => hold });

function withHoldsPut<Outcome>(
  { outcome, changes }: Decision<Outcome>,
  put: (hold: Hold) => Hold,
): Decision<Outcome> {
  const changed = (change: Change): Change =>
    change.type === "hold.put" ? { ...change, hold: put(change.hold) } : change;
  return { outcome, changes: changes.map(changed) };
}

export function decideWithout(off: Off, view: InventoryView, command: SkuCommand, now: number): Decided {
  if (off.size === 0) return decide(view, command, now);
  const hold = view.hold(command.orderId);
  switch (command.kind) {
    case "reserve":
      return reserveWithout(off, view, command, now);
    case "release":
      return releaseWithout(off.has("releaseOwnAttempt"), off.has("releaseTentative"), view, command);
    case "confirm":
    case "extend":
      return decide(view, ofHold(off, command, hold), now);
    case "commit": {
      const seen = seenAs(view, {
        ...(off.has("limitWhenSold") ? { holdsOf: () => [] } : {}),
        ...(off.has("limitByCard") ? { holdsPaidBy: () => [] } : {}),
      });
      return decide(seen, ofHold(off, command, hold), now);
    }
    case "settle": {
      const { outcome, changes } = decide(view, command, now);
      const isKept = ({ type }: Change) => type !== "tombstone.put" || !off.has("tombstone");
      return { outcome, changes: changes.filter(isKept) };
    }
    case "return":
      return decide(view, command, now);
  }
}

/** Without `ownContent` every hold under the order's id obeys it. */
function ofHold<Command extends SkuCommand & rules.OfOrder>(
  off: Off,
  command: Command,
  hold: Hold | null,
): Command {
  return off.has("ownContent") && hold !== null ? { ...command, fingerprint: hold.fingerprint } : command;
}

function reserveWithout(
  off: Off,
  view: InventoryView,
  command: Extract<SkuCommand, { kind: "reserve" }>,
  now: number,
): Decided {
  const found = view.hold(command.orderId);
  const hold = found !== null && found.state === "tentative" && now < found.expiresAt ? found : null;
  const { terms } = view;
  const isHigher = hold !== null && command.attempt > hold.attempt;
  const isEqual = hold?.fingerprint === command.fingerprint && hold.quantity === command.quantity;
  const { fingerprint, quantity } = command;
  if (hold !== null && !isHigher && off.has("risingAttempts"))
    return decide(withHoldSeenAs(view, { ...hold, attempt: 0 }), command, now);
  if (hold !== null && isHigher && !isEqual && off.has("adoptEqual")) {
    const adopted = decide(withHoldSeenAs(view, { ...hold, fingerprint, quantity }), command, now);
    return withHoldsPut(adopted, (put) => ({
      ...put,
      fingerprint: hold.fingerprint,
      quantity: hold.quantity,
    }));
  }
  if (hold !== null && isHigher && !isEqual && off.has("judgeReplaced"))
    return decide(withHoldSeenAs(view, { ...hold, fingerprint, quantity }), command, now);
  if (hold !== null && isHigher && isEqual && off.has("renewAdopted")) {
    const { askAt, expiresAt, latestExpiresAt } = hold;
    return withHoldsPut(decide(view, command, now), (put) => ({ ...put, askAt, expiresAt, latestExpiresAt }));
  }
  const seen = seenAs(view, {
    ...(off.has("limitWhenHeld") && terms !== null ? { terms: { ...terms, purchaseLimit: null } } : {}),
    ...(off.has("unpaidLimit") ? { unpaidUnitsOf: () => 0 } : {}),
    ...(off.has("tombstone") ? { tombstone: () => null } : {}),
  });
  const purchaseLimit = terms?.purchaseLimit ?? null;
  return withHoldsPut(decide(seen, command, now), (put) => ({ ...put, purchaseLimit }));
}

/** Without its rules a release frees the hold of any attempt, or of any state. */
function releaseWithout(
  ownAttempt: boolean,
  tentative: boolean,
  view: InventoryView,
  { orderId, attempt }: { readonly orderId: string; readonly attempt: number },
): Decision<rules.ReleaseOutcome> {
  const hold = view.hold(orderId);
  const isFreed =
    hold !== null && (ownAttempt || hold.attempt === attempt) && (tentative || hold.state === "tentative");
  if (!isFreed) return { outcome: { ok: true, released: false }, changes: [] };
  const { changes } = rules.settle(view, orderId, 0);
  return {
    outcome: { ok: true, released: true },
    changes: changes.filter(({ type }) => type !== "tombstone.put"),
  };
}

export function answeredWithout(
  off: Off,
  view: InventoryView,
  question: rules.HoldQuestion,
  answer: rules.HoldAnswer,
): Decision<{ readonly ok: true }> {
  if (answer !== "unknown") return rules.answered(view, question, answer);
  const [anyAttempt, anyState] = [off.has("unknownAskedAttempt"), off.has("releaseTentative")];
  if (!anyAttempt && !anyState) return rules.answered(view, question, answer);
  return { outcome: { ok: true }, changes: releaseWithout(anyAttempt, anyState, view, question).changes };
}
