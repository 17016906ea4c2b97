/** A SKU's units over maps: the view the rules look at and the one place where their changes are applied, without storage. */
import {
  applyDeltas,
  EMPTY_FIGURES,
  type Change,
  type Decision,
  type Figures,
  type Hold,
  type InventoryView,
  type LedgerChange,
  type Terms,
  type Tombstone,
} from "./state.ts";

export interface MemoryLedgerEntry extends LedgerChange {
  readonly sequence: number;
}

/** The same decisions as the SKU object takes, for the simulator and for tests of the rules. */
export class MemoryInventory implements InventoryView {
  #figures: Figures = EMPTY_FIGURES;
  #terms: Terms | null = null;
  readonly #holds = new Map<string, Hold>();
  readonly #tombstones = new Map<string, Tombstone>();
  readonly #commands = new Map<string, number>();
  readonly #ledger: MemoryLedgerEntry[] = [];

  get figures(): Figures {
    return this.#figures;
  }

  get terms(): Terms | null {
    return this.#terms;
  }

  /** Every entry since the first; never dropped. */
  get ledger(): readonly MemoryLedgerEntry[] {
    return this.#ledger;
  }

  get holds(): readonly Hold[] {
    return [...this.#holds.values()];
  }

  hold(orderId: string): Hold | null {
    return this.#holds.get(orderId) ?? null;
  }

  tombstone(orderId: string): Tombstone | null {
    return this.#tombstones.get(orderId) ?? null;
  }

  holdsOf(buyer: string, another = buyer): readonly Hold[] {
    return this.holds.filter((hold) => hold.buyer === buyer || hold.buyer === another);
  }

  holdsPaidBy(payer: string): readonly Hold[] {
    return this.holds.filter((hold) => hold.payer === payer);
  }

  lapsed(now: number, limit: number): readonly Hold[] {
    return this.holds
      .filter((hold) => hold.state !== "committed" && hold.expiresAt <= now)
      .sort((one, other) => one.expiresAt - other.expiresAt)
      .slice(0, limit);
  }

  command(id: string): number | null {
    return this.#commands.get(id) ?? null;
  }

  asking(now: number, limit: number): readonly Hold[] {
    return this.holds
      .filter((hold) => hold.state === "tentative" && hold.askAt <= now)
      .sort((one, other) => one.askAt - other.askAt)
      .slice(0, limit);
  }

  unpaidUnitsOf(network: string): number {
    return this.holds
      .filter((hold) => hold.state !== "committed" && hold.network === network)
      .reduce((sum, { quantity }) => sum + quantity, 0);
  }

  /**
   * Applies a decision and answers its outcome.
   *
   * @throws Error when a change breaks conservation; nothing after that change is applied
   */
  take<Outcome>({ outcome, changes }: Decision<Outcome>): Outcome {
    for (const change of changes) this.#apply(change);
    return outcome;
  }

  #apply(change: Change): void {
    switch (change.type) {
      case "hold.put":
        this.#holds.set(change.hold.orderId, change.hold);
        return;
      case "hold.delete":
        this.#holds.delete(change.orderId);
        return;
      case "tombstone.put":
        this.#tombstones.set(change.tombstone.orderId, change.tombstone);
        return;
      case "ledger.append":
        this.#figures = applyDeltas(this.#figures, change.entry.deltas);
        this.#ledger.push({ ...change.entry, sequence: this.#figures.ledgerSequence });
        return;
      case "terms.put":
        this.#terms = change.terms;
        return;
      case "command.put":
        this.#commands.set(change.id, change.effect);
        return;
    }
  }
}
