/** A SKU's object in the model: units in memory under the production rules, by a clock of its own. */
import type { CommandResult } from "../../../durable-objects/sku-inventory/sku-inventory.ts";
import type { SkuCommand } from "../../../domain/inventory/commands.ts";
import { MemoryInventory } from "../../../domain/inventory/memory-inventory.ts";
import * as rules from "../../../domain/inventory/rules.ts";
import type { Hold } from "../../../domain/inventory/state.ts";
import type { Defence } from "./defences.ts";
import { answeredWithout, decideWithout } from "./weakened-rules.ts";

/** What could be had at a SKU from a moment on. */
export interface Supply {
  readonly at: number;
  readonly available: number;
  readonly holds: readonly Hold[];
}

export interface ModelSkuDeps {
  /** Epoch ms, by the SKU's own clock. */
  readonly clock: () => number;
  /** Epoch ms, by which the shoppers know when something was sold out. */
  readonly worldClock: () => number;
  readonly random: () => number;
  readonly off: ReadonlySet<Defence>;
  /** Holds that lapse in one go: after a late alarm some that have lapsed are still there. */
  readonly lapsesAtOnce: number;
  readonly onFault: (fault: unknown) => void;
}

export class ModelSku {
  readonly name: string;
  readonly units = new MemoryInventory();
  readonly supply: Supply[] = [];
  readonly #deps: ModelSkuDeps;

  constructor(name: string, quantity: number, purchaseLimit: number | null, deps: ModelSkuDeps) {
    this.name = name;
    this.#deps = deps;
    const terms = { version: 1, unitAmountMinor: 100, currency: "USD", purchaseLimit, opensAt: null };
    this.units.take(rules.configure(this.units, { terms, initialStock: { id: "initial", quantity } }));
    this.#note();
  }

  /** As the object: what has lapsed is freed, then each command is decided on what the one before left. */
  run(commands: readonly SkuCommand[]): CommandResult[] {
    this.freeLapsed();
    const { off, clock } = this.#deps;
    const results = commands.map((command): CommandResult => {
      try {
        return { outcome: this.units.take(decideWithout(off, this.units, command, clock())) };
      } catch (fault) {
        this.#deps.onFault(fault);
        return { fault: String(fault) };
      }
    });
    this.#note();
    return results;
  }

  /** @returns the holds that were lost: their orders hear of it */
  freeLapsed(): readonly Hold[] {
    const { off, clock, lapsesAtOnce } = this.#deps;
    if (off.has("deadline")) return [];
    const lost = this.units.take(rules.releaseLapsed(this.units, clock(), lapsesAtOnce));
    if (lost.length > 0) this.#note();
    return lost;
  }

  ask(): readonly rules.HoldQuestion[] {
    return this.units.take(rules.ask(this.units, this.#deps.clock(), 100, this.#deps.random));
  }

  hear(question: rules.HoldQuestion, answer: rules.HoldAnswer): void {
    this.units.take(answeredWithout(this.#deps.off, this.units, question, answer));
    this.#note();
  }

  #note(): void {
    this.supply.push({
      at: this.#deps.worldClock(),
      available: this.units.figures.available,
      holds: this.units.holds,
    });
  }
}
